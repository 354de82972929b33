"""Wires the program: the one place where collaborators meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perilune import __version__
from perilune.app.actions import Actions
from perilune.app.application import Application
from perilune.app.assignments.unavailable import NOT_YET, WINDOW_ONLY
from perilune.app.clipboard import Clipboard
from perilune.app.closing import Closing
from perilune.app.compose import Composer
from perilune.app.config_applier import ConfigApplier
from perilune.app.config_service import ConfigService
from perilune.app.config_watch import ConfigWatch
from perilune.app.frame_maker import FrameMaker, SynchronizedWaits
from perilune.app.frame_scheduler import FrameScheduler
from perilune.app.front_end import FrontEnd
from perilune.app.keys.input_maps import InputMaps
from perilune.app.keys.key_dispatch import KeyDispatch
from perilune.app.lazy_control import LazyControl
from perilune.app.ledger import format_ledger
from perilune.app.links import open_with_desktop
from perilune.app.live_fields import LiveFieldPoll
from perilune.app.lua_bridge import LuaBridge
from perilune.app.lua_events import LuaEvents
from perilune.app.lua_mailbox import LuaMailbox
from perilune.app.lua_start import LazyLuaHost
from perilune.app.mouse import MouseDispatch
from perilune.app.mouse_bar import BarMouse
from perilune.app.mux_events import MuxEvents
from perilune.app.overlay_control import OverlayControl
from perilune.app.overlay_memory import OverlayMemory, state_folder
from perilune.app.pane_input import PaneInput
from perilune.app.process_question import ProcessQuestion
from perilune.app.profiling import Profiling
from perilune.app.recent_characters import RecentCharacters
from perilune.app.services import Services
from perilune.app.start_options import StartOptions
from perilune.app.status import StatusService
from perilune.app.tab_bar import TabBar
from perilune.app.terminal_settings import color_table, mux_settings, terminal_settings
from perilune.app.title_fresh import FreshTitles
from perilune.app.titles import TitleService
from perilune.app.verify import TitleVerifier
from perilune.app.window_control import WindowControl
from perilune.app.window_view import WindowView, WindowViews
from perilune.base.ids import IdSource, PaneId
from perilune.base.loop import EventLoop
from perilune.base.probes import Probes
from perilune.config.discovery import ConfigSource, find_config
from perilune.config.options import Config
from perilune.mux.domain import Domain, LocalDomain
from perilune.mux.mux import Mux
from perilune.mux.notifications import PaneOutput, WindowRemoved
from perilune.mux.snapshot import snapshot_tabs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perilune.config.assignment import KeyAssignment
    from perilune.mux.notifications import MuxNotification
    from perilune.mux.snapshot import TabInformation

__all__ = ["StartOptions", "build_application"]


def build_application(
    front_end: FrontEnd,
    loop: EventLoop,
    options: StartOptions,
    *,
    domains: Sequence[Domain] | None = None,
    probes: Probes | None = None,
) -> Application:
    """The program behind a front end, ready to `run`.

    Args:
        front_end: draws and reports input; not started yet.
        loop: of the mux thread, whose clock is used throughout.
        options: of the command line.
        domains: where programs run; None: this machine.
        probes: counters; None: new ones.

    Raises:
        ConfigError: a configuration file that was named explicitly is not there.
    """

    def find() -> ConfigSource | None:
        return find_config(options.config_file, skip=options.skip_config, env=options.env, home=options.home)

    source = find()
    config = Config()
    counters = probes if probes is not None else Probes()
    mailbox = LuaMailbox(loop)
    bridge = LuaBridge(loop)
    host = LazyLuaHost(bridge, mailbox, loop.clock)
    views = WindowViews(several=front_end.has_windows)

    settings = mux_settings(
        config, terminal_settings(config, color_table(config.palette, None, None)), options.workspace
    )
    places = domains if domains is not None else (LocalDomain(__version__, environment=options.env or None),)
    mux = Mux(loop, IdSource(), places, settings)

    def make_frame(window_id: int) -> None:
        if frames.make_frame(window_id):
            application.frame_presented()

    def takes_frame(window_id: int) -> bool:
        return front_end.is_ready and front_end.takes_frame(window_id)

    def visible_windows() -> list[int]:
        return [view.window_id for view in views.visible()]

    scheduler = FrameScheduler(
        loop, make_frame, takes_frame, windows=visible_windows if front_end.has_windows else None
    )

    def quit_program() -> None:
        application.quit()

    def reload_config() -> None:
        service.load()

    def begin() -> None:
        application.begin()

    def late_title(window_id: int) -> None:
        view = views.get(window_id)
        if view is not None:
            view.bar_mark += 1
            scheduler.request(window_id)

    def live_read() -> None:
        live.check()

    titles = TitleService(host, mailbox, loop, counters, late_title, live_read)

    def handlers_ran() -> None:
        titles.lua_ran()
        if titles.asks_lua:
            scheduler.request()

    host.on_wrote = handlers_ran  # timers and tasks that went on, too
    events = LuaEvents(host, handlers_ran)
    status = StatusService(loop, events, views, counters)
    live = LiveFieldPoll(loop, lambda: titles.polled_panes, lambda pane_id: mux.get_pane(PaneId(pane_id)))

    def snapshot(view: WindowView, with_live: bool) -> tuple[TabInformation, ...]:
        return snapshot_tabs(view.window, live=with_live)

    verifier = None
    if options.verify_callbacks:
        verifier = TitleVerifier(FreshTitles(host, mailbox, counters, "verify_"), counters)
    bar = TabBar(
        loop,
        titles,
        snapshot,
        counters,
        scheduler.request,
        verifier=verifier,
        has_window=front_end.has_windows,
        draws_fancy=front_end.draws_fancy_bar,
    )
    waits = SynchronizedWaits(loop)

    def make_composer() -> Composer:
        return Composer(bar, counters, waits.holding, waits.released, with_places=front_end.has_windows)

    def shown(view: WindowView) -> None:
        applier.window_shown(view)
        status.trigger(view)

    def resized(view: WindowView) -> None:
        events.emit("window-resized", view.window_id, None if view.pane is None else view.pane.id)
        status.trigger_storm(view)

    windows = WindowControl(loop, mux, views, front_end, scheduler.request, shown, resized)
    frames = FrameMaker(windows, views, bar, make_composer, front_end)

    waits.request_frame = scheduler.request

    def overlay_changed(view: WindowView) -> None:
        view.bar_mark += 1
        status.trigger(view)
        scheduler.request(view.window_id)

    overlays = OverlayControl(overlay_changed)
    pane_input = PaneInput()
    clipboard = Clipboard(front_end, pane_input.encode_paste)
    closing = Closing(mux, overlays, ProcessQuestion(mux, events), quit_program)

    def open_uri(uri: str) -> None:
        view = views.shown
        if view is None or view.pane is None:
            open_with_desktop(uri)
            return

        def answered(proceed: bool) -> None:
            if proceed:
                open_with_desktop(uri)

        events.emit("open-uri", view.window_id, view.pane.id, uri, on_done=answered)

    profiling = Profiling(
        loop,
        titles,
        host,
        lambda: service.config.max_fps,
        state_folder(options.env, options.home) / "profiles",
    )
    services = Services(
        loop=loop,
        mux=mux,
        front_end=front_end,
        views=views,
        windows=windows,
        overlays=overlays,
        closing=closing,
        clipboard=clipboard,
        pane_input=pane_input,
        events=events,
        status=status,
        reload_config=reload_config,
        request_frame=scheduler.request,
        open_uri=open_uri,
        ledger_text=lambda limit: format_ledger(titles.ledger(limit)),
        memory=OverlayMemory(
            RecentCharacters(state_folder(options.env, options.home) / "recent-characters.tsv", loop.clock)
        ),
        profiling=profiling,
        repl=host.repl,
    )
    actions = Actions(services)
    maps = InputMaps(front_end)

    def perform(view: WindowView, assignment: KeyAssignment) -> None:
        actions.perform(view, assignment)

    def keys_used(view: WindowView) -> None:
        scheduler.request(view.window_id)

    without_effect = NOT_YET if front_end.has_windows else (*NOT_YET, *WINDOW_ONLY)
    keys = KeyDispatch(maps, perform, pane_input, without_effect, keys_used)
    mouse = MouseDispatch(services, actions, maps, BarMouse(services, actions, bar), scheduler.request)
    applier = ConfigApplier(
        services,
        config,
        scheduler,
        titles,
        events,
        status,
        host,
        options.workspace,
        begin,
        live.check,
    )
    service = ConfigService(host, source, options.overrides, config, applier, find)
    bridge.connect(services, actions, service, applier, titles)

    def make_view(window_id: int) -> WindowView | None:
        window = mux.get_window(window_id)
        if window is None:
            return None

        def keys_changed() -> None:
            view.bar_mark += 1
            status.trigger(view)
            scheduler.request(view.window_id)

        view = WindowView(window, service.config, loop, keys_changed)
        view.draws_fancy = front_end.draws_fancy_bar
        return view

    def forget_pane(pane_id: int) -> None:
        waits.released(pane_id)
        mouse.forget_pane(pane_id)

    def on_empty() -> None:
        if service.config.quit_when_all_windows_are_closed:
            application.quit()

    mux.subscribe(
        MuxEvents(
            services,
            make_view,
            frames,
            bar,
            events,
            status,
            lambda: service.config,
            forget_pane,
            live.output_came,
            on_empty,
        )
    )

    def mux_changed(notification: MuxNotification) -> None:
        if isinstance(notification, WindowRemoved):
            scheduler.forget_window(notification.window_id)
        # Titles that ask the mux beyond their own window's tabs.
        if not isinstance(notification, PaneOutput) and titles.reads_host:
            handlers_ran()

    mux.subscribe(mux_changed)
    watch = ConfigWatch(loop, service.load)

    def watch_config() -> None:
        def watch_now(_files: object = None) -> None:
            watch.watch(service.watch_files if service.config.automatically_reload_config else ())

        service.on_watch_files = watch_now
        watch_now()
        service.load_if_changed()

    control = LazyControl(loop, profiling, options.control_folders)

    def settle() -> None:
        watch_config()
        control.open()

    application = Application(
        loop,
        services,
        service,
        applier,
        scheduler,
        frames,
        keys,
        mouse,
        options,
        counters,
        lambda: titles.memo_counts,
        settle,
        (profiling, control, watch, bridge, host),
    )
    profiling.connect(application)
    if options.record is not None:
        request = options.record
        loop.call_soon(lambda: profiling.start_at_once(request))
    return application
