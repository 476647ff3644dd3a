-- A number or quotation leads to its evidence in the explorer, which stands beside the page; the
-- first place of each can be come back to.

local EXPLORER = "explorer/index.html"
local seen = {}

local function encoded(text)
  return (text:gsub("[^%w%-._~]", function(byte)
    return string.format("%%%02X", byte:byte())
  end))
end

local function address(view, name)
  return EXPLORER .. "#" .. view .. "=" .. encoded(name)
end

local function place(kind, name)
  local identifier = kind .. "-" .. name
  if seen[identifier] then
    return ""
  end
  seen[identifier] = true
  return identifier
end

function Span(element)
  local fact, quote = element.attributes["data-fact"], element.attributes["data-quote"]
  if not fact and not quote then
    return nil
  end
  if element.identifier == "" then
    element.identifier = place(fact and "fact" or "quote", fact or quote)
  end
  local target = fact and address("fact", fact) or address("excerpt", quote)
  return pandoc.Link(element, target, "", pandoc.Attr("", { "to-evidence" }))
end

function Div(element)
  local quote = element.attributes["data-quote"]
  if not quote then
    return nil
  end
  if element.identifier == "" then
    element.identifier = place("quote", quote)
  end
  local link = pandoc.Link("Evidence", address("excerpt", quote), "", pandoc.Attr("", { "to-evidence" }))
  local blocks = element.content
  local inner = blocks[#blocks] and blocks[#blocks].t == "BlockQuote" and blocks[#blocks].content
  local last = inner and inner[#inner] or blocks[#blocks]
  if last and (last.t == "Para" or last.t == "Plain") then
    last.content:extend({ pandoc.Space(), link })
  else
    blocks:insert(pandoc.Para({ link }))
  end
  return element
end
