return { text = '#d0d0d0', base = '#101418', accent = 'hsl:200 60 60' }
