-- The root's script, after drawers.lua: whether the instrument answers, what comes to whom draws it, and what is let go
-- of is said again, since a network loses packets. More tags:
--   alive, word, pong, silent  whether the instrument answers

local PING_MS, SILENT_MS, FADES_PER_S = 500, 1000, 4
local KEPT_PINGS = 16
local AGAIN_MS = { 100, 300 } -- after it was let go of, for longer than a network holds its breath

local drawers, also = {}, {} -- by address: what draws it; whether it is bound too
local let_go = {} -- by address: when, and how often that was said again
local veils, lamps, words = {}, {}, {}
local is_heard, heard_ms, beaten_ms, drawn_ms = nil, 0, 0, 0
local pings, sent_ms = 0, {}

local function tell(is_there)
  is_heard = is_there
  for _, veil in ipairs(veils) do
    veil.visible = not is_there
  end
  for _, lamp in ipairs(lamps) do
    paint(lamp, is_there and awake or grey, 1)
  end
  for _, word in ipairs(words) do
    word.values.text = is_there and 'the instrument answers' or 'no answer'
  end
end

function draw.alive(node)
  table.insert(lamps, node)
  return function()
    heard_ms = getMillis()
    if is_heard ~= true then
      tell(true)
      sendOSC('/sync', 1)
    end
  end
end

function draw.pong(node)
  return function(arguments)
    local number = arguments[1] and arguments[1].value
    local sent = number and sent_ms[number % KEPT_PINGS]
    if sent and sent[1] == number then
      node.values.text = string.format('%d ms there and back', getMillis() - sent[2])
    elseif not number then
      node.values.text = 'it is there'
    end
  end
end

local function look_through(node)
  local tag = node.tag or ''
  local is_also = string.sub(tag, 1, 1) == '+'
  local kind, rest = string.match(is_also and string.sub(tag, 2) or tag, '^(%a+) ?(.*)$')
  if kind == 'silent' then
    table.insert(veils, node)
  elseif kind == 'word' then
    table.insert(words, node)
  elseif kind and draw[kind] then
    local address = node.name
    drawers[address] = drawers[address] or {}
    also[address] = also[address] or is_also
    table.insert(drawers[address], draw[kind](node, rest))
  end
  for place = 1, #node.children do
    look_through(node.children[place])
  end
end

local function say_again(now_ms)
  for address, gone in pairs(let_go) do
    if now_ms - gone[1] >= AGAIN_MS[gone[2] + 1] then
      sendOSC(address, 0)
      gone[2] = gone[2] + 1
      if gone[2] == #AGAIN_MS then
        let_go[address] = nil
      end
    end
  end
end

function init()
  heard_ms = getMillis()
  look_through(self)
  for _, sphere in pairs(spheres) do
    shine(sphere)
  end
  sendOSC('/sync', 1)
end

function update()
  local now_ms = getMillis()
  if now_ms - beaten_ms >= PING_MS then
    beaten_ms = now_ms
    pings = pings + 1
    sent_ms[pings % KEPT_PINGS] = { pings, now_ms }
    sendOSC('/ping', pings)
  end
  if next(let_go) then
    say_again(now_ms)
  end
  if is_heard ~= false and now_ms - heard_ms > SILENT_MS then
    tell(false)
  end
  local past = (now_ms - drawn_ms) / 1000
  drawn_ms = now_ms
  for node, fade in pairs(fading) do
    alpha_of(node, math.max(fade[1], fade[2]))
    if fade[1] <= fade[2] then
      fading[node] = nil
    else
      fade[1] = fade[1] - past * FADES_PER_S * 0.5
    end
  end
end

function onReceiveNotify(what, address)
  if what == 'let go' then
    let_go[address] = { getMillis(), 0 }
  else
    let_go[address] = nil
  end
end

function onReceiveOSC(message)
  local address = message[1]
  local found = drawers[address]
  if not found then
    return false
  end
  local arguments = message[2]
  for place = 1, #found do
    found[place](arguments)
  end
  return not also[address]
end
