"""The channels: inbox, e-mail, webhook, robots of chats, and one that only remembers. Each fulfils `channel.Channel` and knows no other."""
