from perilune.vt.parser cimport Parser

cdef class Host(Parser):
    cdef object own_settings
    cdef readonly str title, icon_title
    cdef readonly list title_stack
    cdef public set title_modes
    cdef readonly object graphics
    cdef public object last_exit_status
    cdef readonly object failure
    cdef list event_list
    cdef bytearray output
    # Colour words that OSC 4 and OSC 10 to 12 set, 0 for none.
    cdef unsigned int[::1] palette, dynamic, special
    cdef bint has_palette
    # Renditions that XTPUSHSGR kept: which parts, and the words.
    cdef list sgr_stack
    # Colours that XTPUSHCOLORS kept, and the place in use, from 1 on.
    cdef list color_stack
    cdef int color_at
    # Notifications of OSC 99 that go on, by their names: title and body.
    cdef readonly dict begun_notifications
    cdef readonly list unicode_stack
    cdef readonly int unicode_version
