local wezterm = require("wezterm");
return {
	bold_brightens_ansi_colors = true,
	window_background_opacity = 0.95,
	keys = {
		{ key = "d", mods = "CMD", action = wezterm.action({ SplitHorizontal = { domain = "CurrentPaneDomain" } }) },
		{ key = "D", mods = "CMD|SHIFT", action = { SplitVertical = { domain = "CurrentPaneDomain" } } },
		{ key = "f", mods = "CMD", action = "ToggleFullScreen" },
		{ key = "k", mods = "CMD", action = wezterm.action({ Multiple = {
			wezterm.action({ ClearScrollback = "ScrollbackAndViewport" }),
			wezterm.action({ SendKey = { key = "L", mods = "CTRL" } }),
		} }) },
		{ key = "c", mods = "CTRL|SHIFT", action = wezterm.action.CopyTo("Clipboard") },
		{ key = "v", mods = "OPT | META", action = wezterm.action.PasteFrom "Clipboard" },
	},
	colors = { ansi = { "black", "maroon", "green", "olive", "navy", "purple", "teal", "silver" },
		cursor_bg = "rgb:ff/80/00", selection_bg = "rgba(20%, 40%, 60%, 50%)", indexed = { [16] = "#123456" } },
	ssh_domains = { { name = "box", remote_address = "192.0.2.1", username = "me", multiplexing = "None" } },
	unix_domains = { { name = "unix" } },
	exit_behavior = "Hold", check_for_updates = false, warn_about_missing_glyphs = false,
}
