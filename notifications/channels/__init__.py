"""The channels: inbox, e-mail, and one that only remembers. Each fulfils `channel.Channel` and knows no other."""
