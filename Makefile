# One command does each thing, on a machine with Python 3.11 or later, pip and make. `make help` lists them.
# Set-up stays inside the checkout: uv in .tools, everything else in .venv, both from the hashed locks in requirements/.

PY ?= python3
FLAGS ?=
export UV_SYSTEM_CERTS ?= true
export UV_NO_PROGRESS ?= 1

UV := .tools/bin/uv
PYTHON := .venv/bin/python
LOCK := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" $(FLAGS)
# uv does not read pip's settings: hand it the mirror that this machine has for pip, unless it has one of its own.
MIRROR = if [ -z "$${UV_DEFAULT_INDEX:-}" ]; then mirror="$${PIP_INDEX_URL:-$$($(PY) -m pip config get global.index-url 2>/dev/null || true)}"; \
	if [ -n "$$mirror" ]; then export UV_DEFAULT_INDEX="$$mirror"; fi; fi

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve test reliability browser full check format bench bench-large pictures lock clean

help: ## 列出全部命令 · list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do printf '%-18s %s\n' "$$name" "$$text"; done

demo: .venv/.runtime ## 演示：六十多张工单走完十天 · demonstration: sixty tickets through ten days
	@$(PYTHON) -m demo

serve: .venv/.web ## 在本机打开演示数据的界面和 HTTP 接口 · the demonstration on its screen and over HTTP, on this machine
	@$(PYTHON) -m demo.serve

test: .venv/.dev ## 快速测试（两分钟内） · the quick tests (under two minutes)
	@$(PYTHON) -m pytest -n auto --dist worksteal -rs

reliability: .venv/.dev ## 可靠性标准的快速项，附数据 · the quick items of the reliability bar, with their figures
	@$(PYTHON) -m pytest -n auto --dist worksteal -rs -m 'reliability and not full' --figures

browser: .venv/.dev ## 在真实 Chromium 中测试界面（须已安装） · the screen in a real Chromium, which the machine must have
	@$(PYTHON) -m pytest -n auto --dist worksteal -rs -m 'browser and not full' --figures

# Two runs: whoever drives a browser keeps an event loop in his thread, in which no test can start another.
full: .venv/.dev ## 全部测试，含长时测试，附数据 · every test, the long ones too, with their figures
	@$(PYTHON) -m pytest -n auto --dist worksteal -rs -m 'not browser' --hypothesis-profile=full --figures
	@$(PYTHON) -m pytest -n auto --dist worksteal -rs -m browser --figures

check: .venv/.dev ## 代码规范、格式、类型、分层 · lint, format, strict types, layers
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

format: .venv/.dev ## 整理代码格式 · put the code in form
	@.venv/bin/ruff check --fix-only .
	@.venv/bin/ruff format .

bench: .venv/.dev ## 性能对比，以比值表示 · speed, as ratios to references
	@$(PYTHON) -m benchmarks
	@$(PYTHON) -m benchmarks.check
	@$(PYTHON) -m benchmarks.sweep
	@$(PYTHON) -m benchmarks.catch_up
	@$(PYTHON) -m benchmarks.start_up
	@$(PYTHON) -m benchmarks.callers
	@$(PYTHON) -m benchmarks.http
	@$(PYTHON) -m benchmarks.pages 50000
	@$(PYTHON) -m benchmarks.console 20000 10

bench-large: .venv/.dev ## 百万张工单时的到期处理和列表，十万张时的界面 · what is due, and lists, among a million cases; the screen among 100 000
	@$(PYTHON) -m benchmarks.sweep 10000 1000000
	@$(PYTHON) -m benchmarks.pages
	@$(PYTHON) -m benchmarks.console

pictures: .venv/.dev ## 重新拍摄 README 的界面图片 · take the pictures of the screen in the READMEs anew
	@$(PYTHON) -m demo > /dev/null
	@$(PYTHON) -m tests.browser.pictures

lock: $(UV) ## 重新锁定依赖（升级：FLAGS=--upgrade） · lock the dependencies anew (FLAGS=--upgrade for newer ones)
	@$(MIRROR); \
	$(LOCK) --all-extras --group dev --group e2e -o requirements/dev.lock pyproject.toml && \
	$(LOCK) -c requirements/dev.lock -o requirements/runtime.lock pyproject.toml && \
	$(LOCK) -c requirements/dev.lock --extra channels -o requirements/channels.lock pyproject.toml && \
	$(LOCK) -c requirements/dev.lock --extra postgres -o requirements/postgres.lock pyproject.toml && \
	$(LOCK) -c requirements/dev.lock --extra web -o requirements/web.lock pyproject.toml && \
	$(LOCK) --group build -o requirements/build.lock && \
	$(LOCK) --group tool -o requirements/tool.lock

clean: ## 删除安装好的环境和缓存 · remove the environment and caches
	@rm -rf .tools .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(UV): requirements/tool.lock
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo '需要 Python 3.11 或更高版本，可指定：make PY=python3.12 demo · needs Python 3.11 or later; name one: make PY=python3.12 demo' >&2; exit 1; }
	@$(PY) -m pip --version >/dev/null || { echo '需要 pip（Debian：apt install python3-pip）· needs pip (Debian: apt install python3-pip)' >&2; exit 1; }
	@echo '1/3 安装 uv · fetching uv'
	@$(PY) -m pip install -q --disable-pip-version-check --root-user-action=ignore --no-deps --only-binary :all: --require-hashes --upgrade --target .tools -r $<
	@touch $@

.venv/pyvenv.cfg: $(UV)
	@echo '2/3 建立环境 .venv · making the environment .venv'
	@test -f $@ && $(PYTHON) -c '' || { rm -rf .venv && $(UV) venv -q --python $(PY) .venv; }
	@touch $@

.venv/.runtime: requirements/runtime.lock requirements/build.lock pyproject.toml .venv/pyvenv.cfg
	@echo '3/3 安装运行所需的软件包 · installing what it runs on'
	@$(MIRROR); $(UV) pip install -q --compile-bytecode --python $(PYTHON) --require-hashes -r $< && \
	$(UV) pip install -q --python $(PYTHON) --no-deps --build-constraints requirements/build.lock -e .
	@touch $@

.venv/.web: requirements/web.lock .venv/.runtime
	@$(MIRROR); $(UV) pip install -q --compile-bytecode --python $(PYTHON) --require-hashes -r $<
	@touch $@

.venv/.dev: requirements/dev.lock requirements/build.lock pyproject.toml .venv/pyvenv.cfg
	@echo '3/3 安装运行和开发所需的软件包 · installing what it runs on and is built with'
	@$(MIRROR); $(UV) pip sync -q --compile-bytecode --python $(PYTHON) --require-hashes $< && \
	$(UV) pip install -q --python $(PYTHON) --no-deps --build-constraints requirements/build.lock -e .
	@touch .venv/.runtime .venv/.web $@
