"""With `--as`, the command line shows what this person may see; what is masked is read by an act with a reason."""

from __future__ import annotations

from tests.cli.conftest import NUMBER, Terminal

MOBILE = "12800000001"


def test_it_is_masked_and_read_on_record(company: Terminal) -> None:
    company.open()
    company.run("move", NUMBER, "take", "--as", "tom")
    for looks in ("case", "history"):
        assert MOBILE not in company.run(looks, NUMBER, "--as", "amy").stdout
        assert "128****0001" in company.run(looks, NUMBER, "--as", "amy").stdout
        assert MOBILE in company.run(looks, NUMBER, "--as", "tom").stdout
        assert MOBILE in company.run(looks, NUMBER).stdout
    assert NUMBER not in company.run("find", MOBILE[:9], "--as", "amy").stdout
    assert NUMBER in company.run("find", MOBILE, "--as", "amy").stdout

    read = company.run("disclose", NUMBER, "--as", "amy", "--reason", "回访", "--field", "手机号")

    assert MOBILE in read.stdout
    assert "测试客户甲" not in read.stdout
    last = company.json("history", NUMBER)["history"][-1]
    assert (last["kind"], last["actor"], last["reason"]) == ("disclosed", "amy", "回访")
    assert company.json("disclose", NUMBER, "--as", "amy", "--reason", "回访")["fields"]["customer_name"]["value"] == "测试客户甲"


def test_who_has_no_part_in_it_is_refused(company: Terminal) -> None:
    company.open()
    refused = company.run("disclose", NUMBER, "--as", "abe", "--reason", "好奇", code=1)
    assert "“样例管理员01” may not read what is masked in this case" in refused.stderr
    assert "There is no case" in company.run("disclose", NUMBER, "--as", "bea", "--reason", "好奇", code=1).stderr
    assert company.json("case", NUMBER)["seq"] == 1
