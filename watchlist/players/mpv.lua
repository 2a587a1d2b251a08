-- Logs what mpv plays in your watchlist: after 80 % of a file, it runs `watchlist seen FILE`, once per file.
--
-- Install: watchlist seen --mpv-hook > ~/.config/mpv/scripts/watchlist.lua
-- Options, in ~/.config/mpv/script-opts/watchlist.conf (the defaults are below), e.g.: percent=90

local mp = require "mp"
local utils = require "mp.utils"

local options = {
    command = "watchlist", -- the program; its full path if mpv does not find it
    list = "",             -- the list to log in; empty: the default list
    percent = 80,          -- how much of a file has to be behind
    played = 60,           -- seconds that have to be played before that without a jump, at most 5 % of the file
    messages = true,       -- show on the screen what was logged, or why not
}
require("mp.options").read_options(options, "watchlist")

local logged = false    -- true once the current file was passed on
local from = nil        -- the position, in seconds, from which mpv has played without a jump
local MESSAGE_SECONDS = 4

local function show(text)
    if options.messages and text ~= "" then
        mp.osd_message("watchlist: " .. text, MESSAGE_SECONDS)
    end
end

-- Returns the absolute path of the file that is played; nil for streams, devices and pipes, whose names say nothing.
local function local_path()
    local path = mp.get_property("path")
    if path == nil or path == "" or path == "-" then
        return nil
    end
    if path:find("^%a[%w+.-]+://") then
        return path:find("^file://") and path or nil
    end
    return utils.join_path(mp.get_property("working-directory") or "", path)
end

-- Returns true if the file has moving pictures: music with a cover is no film.
local function is_video()
    local track = mp.get_property_native("current-tracks/video")
    return track ~= nil and not track.image and not track.albumart
end

-- Returns the first line of what the program said, without its name and without how to undo the change.
local function first_line(text)
    local line = (text or ""):match("[^\r\n]+") or ""
    return (line:gsub("^watchlist: ", ""):gsub("%s%s+undo: .*$", ""))
end

local function report(success, result, error)
    if not success or result == nil then
        show(error or "could not be started")
    elseif result.error_string == "init" then
        show("could not start " .. options.command)
    else
        local text = first_line(result.stderr)
        show(text ~= "" and text or (result.status == 0 and "logged" or "failed"))
    end
end

local function log()
    local path = local_path()
    if path == nil or not is_video() then
        return
    end
    local args = { options.command, "seen" }
    if options.list ~= "" then
        args[#args + 1] = "--file"
        args[#args + 1] = options.list
    end
    args[#args + 1] = "--"
    args[#args + 1] = path
    mp.command_native_async({
        name = "subprocess",
        args = args,
        playback_only = false, -- the program may end after the file
        capture_stdout = true,
        capture_stderr = true,
    }, report)
end

local function on_position(_, position)
    local duration = mp.get_property_number("duration")
    if logged or position == nil or duration == nil or duration <= 0 then
        return
    end
    if from == nil or position < from then
        from = position
    end
    local needed = math.min(options.played, duration * 0.05)
    if position / duration * 100 >= options.percent and position - from >= needed then
        logged = true
        log()
    end
end

mp.register_event("start-file", function()
    logged, from = false, nil
end)
mp.register_event("seek", function()
    from = nil
end)
mp.observe_property("time-pos", "number", on_position)
