-- A stub of mpv for `mpv.lua`: runs the script, then the steps in the second argument, and prints what it asks of mpv.
--
-- Steps, one per line: start PATH | play FROM TO (every second) | seek | video LUA | answer STATUS TEXT | set NAME VALUE
local script, steps = arg[1], arg[2]
local handlers, observers, properties = {}, {}, { duration = 1000, ["working-directory"] = "/videos" }
local video, answer = { image = false, albumart = false }, nil

package.preload["mp"] = function()
    return {
        get_property = function(name) return properties[name] end,
        get_property_number = function(name) return properties[name] end,
        get_property_native = function() return video end,
        observe_property = function(name, kind, handler) observers[name .. "/" .. kind] = handler end,
        register_event = function(name, handler) handlers[name] = handler end,
        osd_message = function(text, seconds) print("osd", text, seconds) end,
        command_native_async = function(command, handler)
            assert(command.name == "subprocess" and command.playback_only == false and command.capture_stderr)
            print("run", table.concat(command.args, "\0"))
            answer = handler
        end,
    }
end
package.preload["mp.utils"] = function()
    return { join_path = function(folder, path) return path:sub(1, 1) == "/" and path or folder .. "/" .. path end }
end
package.preload["mp.options"] = function()
    return { read_options = function(options, name)
        assert(name == "watchlist")
        for key, value in (os.getenv("OPTIONS") or ""):gmatch("(%w+)=([^,]+)") do
            options[key] = tonumber(value) or (value ~= "no" and value)
        end
    end }
end

dofile(script)
for step in steps:gmatch("[^\n]+") do
    local word, rest = step:match("^(%S+) ?(.*)$")
    if word == "start" then
        properties.path = rest
        handlers["start-file"]()
    elseif word == "play" then
        local from, to = rest:match("(%d+) (%d+)")
        for second = tonumber(from), tonumber(to) do
            observers["time-pos/number"]("time-pos", second)
        end
    elseif word == "seek" then
        handlers["seek"]()
    elseif word == "video" then
        video = load("return " .. rest)()
    elseif word == "set" then
        local name, value = rest:match("(%S+) ?(.*)")
        properties[name] = tonumber(value)
    elseif word == "answer" then
        local status, text = rest:match("(%S+) ?(.*)")
        if status == "missing" then
            answer(true, { status = -3, error_string = "init", stderr = "" })
        else
            answer(true, { status = tonumber(status), error_string = "", stderr = text })
        end
    end
end
