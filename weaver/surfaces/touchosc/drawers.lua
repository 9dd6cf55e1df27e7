-- What no message can draw. A control with a tag is drawn from what comes to the address that is its name:
--   light  a sphere's body            hue, ink  its colour, of a shape or a text      flash, lamp  lit, and it fades
--   crack  as many pieces as it is    state, count  words for how it fares            hand    as clear as it is firm
--   paint  a colour                   bars     a value for each child                 choice N  bright when N is chosen
--   text F, clock  a text with a number in it; "+" before it: a message bound to another control is for that address too

local FINEST = 1 / 64 -- of colours that are told apart

local spheres = {}
local fading = {} -- by what fades: how bright it is, and how bright it ends

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
