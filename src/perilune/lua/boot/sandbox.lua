-- What a config may reach of the standard library, and what replaces the rest.
local sys = ...
local raise, call = sys.raise, sys.call
local type, tostring, pcall, load, select, rawget, rawset, getmetatable, setmetatable, error, next =
  type, tostring, pcall, load, select, rawget, rawset, getmetatable, setmetatable, error, next
local sub, find, gsub, format, match = string.sub, string.find, string.gsub, string.format, string.match
local concat, unpack, pack = table.concat, table.unpack, table.pack
local G = _G
local real_meta = sys.getmeta

-- Globals that must not be there.
G.python = nil
G.debug = { traceback = function(thread, ...)
  if type(thread) == "thread" then return sys.traceback(thread, ...) end
  local message = thread
  if message ~= nil and type(message) ~= "string" and type(message) ~= "number" then return message end
  return sys.traceback(message, (... or 1) + 1)
end }

-- No finalizers: hooks do not run inside them, so one could hang the thread for good.
local metatables = setmetatable({}, { __mode = "k" }) -- those that the config made
sys.metatables, sys.real_setmetatable = metatables, setmetatable
function G.setmetatable(object, meta)
  if type(meta) == "table" then
    if rawget(meta, "__gc") ~= nil then raise("__gc is not available in a config", 2) end
    metatables[meta] = true
  end
  return setmetatable(object, meta)
end

G.pcall, G.xpcall = sys.pcall, sys.xpcall
G.coroutine = {
  create = sys.create, wrap = sys.wrap, resume = sys.resume, yield = coroutine.yield,
  status = coroutine.status, running = coroutine.running, isyieldable = coroutine.isyieldable,
  close = sys.close,
}

-- Source text as people save it: a byte order mark, a #! line, CRLF.
local function normalise(source)
  if sub(source, 1, 3) == "\xEF\xBB\xBF" then source = sub(source, 4) end
  if sub(source, 1, 1) == "#" then
    local stop = find(source, "\n", 1, true)
    source = "--" .. (stop and sub(source, stop) or "")
  end
  return source
end

-- Every chunk of the config's, for the analysis of its functions; their number tells whether there are new ones.
local chunks = {}
sys.chunks = chunks
local function noted_chunk(body, ...)
  if body then chunks[#chunks + 1] = body end
  return body, ...
end
sys.noted_chunk = noted_chunk

function G.load(chunk, name, mode, ...)
  if mode ~= nil and not find(tostring(mode), "t", 1, true) then
    return nil, "attempt to load a text chunk (mode is '" .. tostring(mode) .. "')"
  end
  if type(chunk) == "string" and name == nil then name = chunk end
  if type(name) == "string" and name == sys.INTERNAL then name = "=?" end
  sys.charge(100)
  if select("#", ...) > 0 then
    return noted_chunk(sys.caught(load(chunk, name, "t", (...))))
  end
  return noted_chunk(sys.caught(load(chunk, name, "t", G)))
end
G.loadstring = G.load

local open = io.open
local function load_file(path, env)
  local file, reason = open(path, "rb")
  if not file then return nil, "cannot open " .. tostring(reason) end
  local source = file:read("a")
  file:close()
  if not source then return nil, "cannot read " .. path end
  call("sys.watch", path)
  return noted_chunk(load(normalise(source), "@" .. path, "t", env))
end
sys.load_file, sys.normalise = load_file, normalise

function G.loadfile(path, mode, ...)
  if type(path) ~= "string" then raise("loadfile: expected the path of a file") end
  if select("#", ...) > 0 then return load_file(path, (...)) end
  return load_file(path, G)
end

function G.dofile(path)
  if type(path) ~= "string" then raise("dofile: expected the path of a file") end
  local chunk, reason = load_file(path, G)
  if not chunk then error(reason, 0) end
  return chunk()
end

-- Output goes to the log: the screen belongs to the terminal. (`print` is in wezterm.lua.)
local pending = {}
local function write_log(stream, ...)
  local text = pending[stream] or ""
  for i = 1, select("#", ...) do
    local piece = select(i, ...)
    if type(piece) ~= "string" and type(piece) ~= "number" then
      raise("bad argument #" .. i .. " to 'write' (string expected, got " .. type(piece) .. ")", 3)
    end
    text = text .. piece
  end
  local start = 1
  while true do
    local stop = find(text, "\n", start, true)
    if not stop then break end
    call("sys.log", "info", sub(text, start, stop - 1))
    start = stop + 1
  end
  pending[stream] = sub(text, start)
end

local function log_stream(name)
  local methods = {}
  local stream = setmetatable({}, {
    __index = methods, __name = "FILE*", __tostring = function() return "file (" .. name .. ")" end,
  })
  function methods.write(self, ...)
    write_log(stream, ...)
    return stream
  end
  function methods.flush()
    if (pending[stream] or "") ~= "" then
      call("sys.log", "info", pending[stream])
      pending[stream] = nil
    end
    return stream
  end
  function methods.setvbuf() return true end
  function methods.seek() return nil, "not a file" end
  function methods.close() return nil, "not closable" end
  function methods.read() return nil, "not readable" end
  function methods.lines() raise("file (" .. name .. ") is not readable") end
  return stream
end

local io_input, io_lines, io_read, io_type, io_tmpfile =
  io.input, io.lines, io.read, io.type, io.tmpfile
io_input("/dev/null") -- standard input is the user's terminal
local stdout, stderr, stdin = log_stream("stdout"), log_stream("stderr"), io_input()
local current_output = stdout
G.io = {
  stdout = stdout, stderr = stderr, stdin = stdin,
  open = open, type = function(value)
    if value == stdout or value == stderr then return "file" end
    if type(value) == "table" and real_meta(value) == sys.popen_meta then
      return value.closed and "closed file" or "file"
    end
    return io_type(value)
  end,
  tmpfile = io_tmpfile, input = io_input, lines = io_lines, read = io_read,
  write = function(...) return current_output:write(...) end,
  output = function(file)
    if file == nil then return current_output end
    if type(file) == "string" then
      local opened, reason = open(file, "w")
      if not opened then raise(reason) end
      file = opened
    end
    current_output = file
    return file
  end,
  close = function(file)
    if file == nil then file = current_output end
    if file == stdout or file == stderr then return nil, "not closable" end
    return file:close()
  end,
  popen = function(command, mode)
    if type(command) ~= "string" then raise("io.popen: expected a command line, got " .. type(command)) end
    if mode ~= nil and mode ~= "r" and mode ~= "w" then raise("io.popen: the mode must be 'r' or 'w'") end
    return sys.popen(command, mode or "r")
  end,
}

-- Files are the only objects with a finalizer; nobody may put another function there.
real_meta(stdin).__metatable = "FILE*"

-- A child's output is collected whole before it is read, so that a handler that waits for it holds up nobody;
-- what it says beside, and what it would read, is not the screen's.
local file_methods = real_meta(stdin).__index -- as they are before anyone watches them
local file_write, file_seek, file_read = file_methods.write, file_methods.seek, file_methods.read
local Popen = { __name = "FILE*", __metatable = "FILE*" }
sys.popen_meta = Popen
Popen.__index = Popen
Popen.__tostring = function(self) return self.closed and "file (closed)" or "file (popen)" end
local function alive(self)
  if self.closed then raise("attempt to use a closed file", 3) end
  return self.file
end
function sys.popen(command, mode)
  local file = io_tmpfile()
  local self = setmetatable({ file = file, command = command, mode = mode }, Popen)
  if mode == "r" then
    local output
    output, self.ok, self.how, self.code = sys.wait_or_block("sys.popen", command, nil)
    file_write(file, output)
    file_seek(file, "set")
  end
  return self
end
function Popen:read(...) return alive(self):read(...) end
function Popen:lines(...) return alive(self):lines(...) end
function Popen:write(...)
  local ok, reason, code = alive(self):write(...)
  if not ok then return ok, reason, code end
  return self
end
function Popen:flush() return alive(self) and self end
function Popen:setvbuf() return alive(self) and true end
function Popen:seek() return nil, "Illegal seek", 29 end
function Popen:close()
  local file = alive(self)
  if self.mode == "w" then
    file_seek(file, "set")
    local _
    _, self.ok, self.how, self.code = sys.wait_or_block("sys.popen", self.command, file_read(file, "a"))
  end
  self.closed = true
  file:close()
  return self.ok, self.how, self.code
end

local os_time, os_date, os_setlocale = os.time, os.date, os.setlocale
local now = sys.now -- nil: the machine's own clock
G.os = {
  clock = os.clock, difftime = os.difftime, getenv = os.getenv, remove = os.remove, rename = os.rename,
  tmpname = os.tmpname,
  time = function(at)
    if at ~= nil then return os_time(at) end
    return now()
  end,
  date = function(pattern, at)
    return os_date(pattern == nil and "%c" or pattern, at == nil and now() or at)
  end,
  setlocale = function(locale, category)
    if locale == nil then return os_setlocale(nil, category) end
    return nil -- it would change how the whole program reads numbers
  end,
  exit = function() raise("os.exit is not available in a config") end,
  execute = function(command)
    if command == nil then return true end
    if type(command) ~= "string" then raise("os.execute: expected a command line") end
    return sys.wait_or_block("sys.execute", command)
  end,
}

local collect = collectgarbage
function G.collectgarbage(option, ...)
  if option == "stop" then return 0 end -- the memory cap counts garbage too
  return collect(option, ...)
end

-- require, in Lua: a module may wait (run_child_process at its top level), which C's require cannot.
local config_path = sys.package_path
local package = { config = package.config, cpath = "", path = config_path, loaded = {}, preload = {},
  searchpath = package.searchpath }
for name in pairs({ coroutine = 1, io = 1, os = 1, debug = 1, math = 1, string = 1, table = 1, utf8 = 1 }) do
  package.loaded[name] = G[name]
end
package.loaded._G, package.loaded.package = G, package
G.package = package
local searchpath = package.searchpath
package.searchers = {
  function(name)
    local loader = package.preload[name]
    if loader then return loader, ":preload:" end
    return "\n\tno field package.preload['" .. name .. "']"
  end,
  function(name)
    local path = package.path
    if type(path) ~= "string" then raise("'package.path' must be a string") end
    local file, reason = searchpath(name, path)
    if not file then return reason end
    local chunk, message = load_file(file, G)
    if not chunk then
      error("error loading module '" .. name .. "' from file '" .. file .. "':\n\t" .. message, 0)
    end
    return chunk, file
  end,
}

function G.require(name)
  if type(name) ~= "string" then raise("require: expected a module's name, got " .. type(name)) end
  local loaded = package.loaded[name]
  if loaded ~= nil then return loaded end
  local reasons = {}
  for _, searcher in ipairs(package.searchers) do
    local loader, extra = searcher(name)
    if type(loader) == "function" then
      local value = loader(name, extra)
      if value ~= nil then
        package.loaded[name] = value
      elseif package.loaded[name] == nil then
        package.loaded[name] = true
      end
      return package.loaded[name], extra
    elseif type(loader) == "string" then
      reasons[#reasons + 1] = (sub(loader, 1, 1) == "\n" and loader or "\n\t" .. loader)
    end
  end
  raise("module '" .. name .. "' not found:" .. concat(reasons))
end

-- `type` of our objects is what WezTerm's are: some configs test for "userdata".
local userdata = setmetatable({}, { __mode = "k" }) -- metatables of such objects
sys.userdata = userdata
userdata[Popen] = true
function G.type(...)
  local value = ...
  local kind = type(...)
  if kind == "table" then
    local meta = real_meta(value)
    if meta and userdata[meta] then return "userdata" end
  end
  return kind
end
