local M = {}
local palette = require 'ui.palette'

function M.apply_to_config(config)
  config.colors = {
    foreground = palette.text,
    background = palette.base,
    tab_bar = {
      background = palette.base,
      active_tab = { bg_color = palette.accent, fg_color = palette.base, intensity = 'Bold' },
      inactive_tab = { bg_color = palette.base, fg_color = palette.text },
    },
  }
  config.tab_max_width = 20
  config.use_fancy_tab_bar = false
  config.show_new_tab_button_in_tab_bar = false
end

return M
