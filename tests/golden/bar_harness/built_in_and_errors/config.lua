-- nil is the built-in title, an error too; strings and numbers are titles.
local wezterm = require 'wezterm'
wezterm.on('format-tab-title', function(tab)
  local title = tab.active_pane.title
  if title == 'nil' then return nil end
  if title == 'error' then error 'no' end
  if title == 'number' then return 42 end
  if title == 'escapes' then return 'a\27[1;31mb\27]0;x\7c\nd' end
  return { { Text = title }, { Attribute = { Underline = 'Curly' } }, { Text = '~' } }
end)
return {
  tab_bar_style = { new_tab = ' new ', new_tab_hover = ' NEW ' },
  show_tab_index_in_tab_bar = false,
}
