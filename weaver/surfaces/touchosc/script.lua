-- What no message can draw. A control with a tag is drawn from what comes to the address that is its name:
--   light  a sphere's body            hue, ink  its colour, of a shape or a text      flash, lamp  lit, and it fades
--   crack  as many pieces as it is    state, count  words for how it fares            hand    as clear as it is firm
--   paint  a colour                   bars     a value for each child                 choice N  bright when N is chosen
--   text F, clock  a text with a number in it; "+" before it: a message bound to another control is for that address too
--   alive, word, pong, silent  whether the instrument answers

local PING_MS, SILENT_MS, FADES_PER_S = 500, 1000, 4
local KEPT_PINGS = 16
local FINEST = 1 / 64 -- of colours that are told apart

local drawers, also = {}, {} -- by address: what draws it; whether it is bound too
local spheres = {}
local fading = {}
local veils, lamps, words, pongs = {}, {}, {}, {}
local is_heard, heard_ms, beaten_ms, drawn_ms = nil, 0, 0, 0
local pings, sent_ms = 0, {}

local function mixed(one, other, along)
  return {
    one[1] + (other[1] - one[1]) * along,
    one[2] + (other[2] - one[2]) * along,
    one[3] + (other[3] - one[3]) * along,
  }
end

local function clamped(value)
  return math.max(0, math.min(1, value or 0))
end

local function paint(node, rgb, alpha)
  node.color = Color(rgb[1], rgb[2], rgb[3], alpha)
end

local function alpha_of(node, alpha)
  local now = node.color
  node.color = Color(now.r, now.g, now.b, alpha)
end

local function sphere_of(node)
  local number = string.match(node.name, '^/sphere/(%d+)/')
  if not spheres[number] then
    spheres[number] = { light = -1, level = 0.5, state = 'whole' }
  end
  return spheres[number]
end

local function shine(sphere)
  if not sphere.body or not sphere.rgb then
    return
  end
  if sphere.state == 'shattered' then
    paint(sphere.body, grey, 0.25)
    return
  end
  local lit = mixed(night, sphere.rgb, at_rest + (1 - at_rest) * math.sqrt(sphere.level))
  paint(sphere.body, mixed(lit, white, whitest * sphere.level * sphere.level), 1)
end

local draw = {}

function draw.light(node)
  local sphere = sphere_of(node)
  sphere.body = node
  return function(arguments)
    local level = clamped(arguments[1].value)
    if math.abs(level - sphere.light) >= FINEST then
      sphere.light, sphere.level = level, level
      shine(sphere)
    end
  end
end

function draw.hue(node)
  local sphere = sphere_of(node)
  local now = node.color
  sphere.rgb = sphere.rgb or { now.r, now.g, now.b }
  return function(arguments)
    sphere.rgb = { arguments[1].value, arguments[2].value, arguments[3].value }
    paint(node, sphere.rgb, node.color.a)
    shine(sphere)
  end
end

function draw.ink(node)
  return function(arguments)
    node.textColor = Color(arguments[1].value, arguments[2].value, arguments[3].value, 1)
  end
end

function draw.paint(node)
  return function(arguments)
    paint(node, { arguments[1].value, arguments[2].value, arguments[3].value }, 1)
  end
end

function draw.crack(node)
  local pieces, shown = {}, 0
  for place = 1, #node.children do
    pieces[place] = node.children[place]
    if pieces[place].visible then
      shown = place
    end
  end
  return function(arguments)
    local wanted = math.min(#pieces, math.ceil(math.max(0, arguments[1].value) / segment_rad))
    for place = math.min(shown, wanted) + 1, math.max(shown, wanted) do
      pieces[place].visible = place <= wanted
    end
    shown = wanted
  end
end

function draw.state(node)
  local sphere = sphere_of(node)
  return function(arguments)
    local state = arguments[1].value
    local ink = sickly
    if state == 'whole' then
      ink = faint
    elseif state == 'shattered' then
      ink = grey
    elseif state == 'reforming' then
      ink = sphere.rgb or white
    end
    sphere.state = state
    node.values.text = state
    node.textColor = Color(ink[1], ink[2], ink[3], 1)
    shine(sphere)
  end
end

function draw.count(node)
  return function(arguments)
    local count = arguments[1].value
    node.values.text = count > 0 and string.format('%d ×', count) or ''
  end
end

function draw.hand(node)
  local shown = node.color.a
  return function(arguments)
    local firmly = clamped(arguments[1].value)
    if math.abs(firmly - shown) >= FINEST or firmly == 0 then
      shown = firmly
      alpha_of(node, firmly)
    end
  end
end

function draw.flash(node)
  return function(arguments)
    fading[node] = { 0.15 + 0.5 * clamped(arguments[1].value), 0 }
  end
end

function draw.lamp(node)
  return function()
    fading[node] = { 1, 0.15 }
  end
end

function draw.bars(node)
  return function(arguments)
    for place = 1, math.min(#node.children, #arguments) do
      node.children[place].values.x = clamped(arguments[place].value)
    end
  end
end

function draw.choice(node, own)
  local now = node.color
  return function(arguments)
    local is_chosen = math.floor(arguments[1].value + 0.5) == tonumber(own)
    node.color = Color(now.r, now.g, now.b, is_chosen and 1 or 0.3)
  end
end

function draw.text(node, form)
  return function(arguments)
    node.values.text = string.format(form, arguments[1].value)
  end
end

function draw.clock(node)
  return function(arguments)
    local seconds = math.floor(math.max(0, arguments[1].value))
    node.values.text = string.format('%d:%02d', math.floor(seconds / 60), seconds % 60)
  end
end

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
