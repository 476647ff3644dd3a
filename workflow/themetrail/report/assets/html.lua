-- What the page wants of the document: tables and figures in boxes of their own that scroll.

local function escaped(text)
  return (text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;"):gsub('"', "&quot;"))
end

local function html(text)
  return pandoc.RawBlock("html", text)
end

local function attributes_of(element, kind)
  local parts = {}
  if element.identifier ~= "" then
    parts[1] = ' id="' .. escaped(element.identifier) .. '"'
  end
  local classes = table.concat({ kind, table.unpack(element.classes) }, " ")
  parts[#parts + 1] = ' class="' .. escaped(classes) .. '"'
  local name = element.attributes["data-" .. kind]
  if name then
    parts[#parts + 1] = " data-" .. kind .. '="' .. escaped(name) .. '"'
  end
  return table.concat(parts)
end

local function box(element, kind)
  local label = element.attributes["data-label"] or kind
  return '<div class="' .. kind .. '-box" role="region" tabindex="0" aria-label="'
    .. escaped(label) .. '">'
end

function Table(element)
  local caption = element.caption.long
  local opening, frame = box(element, "table"), attributes_of(element, "table")
  element.caption = { long = {} }
  element.attr = pandoc.Attr("", {}, {})
  local blocks = pandoc.Blocks({ html("<figure" .. frame .. ">"), html("<figcaption>") })
  blocks:extend(caption)
  blocks:extend({ html("</figcaption>"), html(opening), element, html("</div>"), html("</figure>") })
  return blocks
end

function Figure(element)
  local blocks = pandoc.Blocks({
    html("<figure" .. attributes_of(element, "figure") .. ">"),
    html(box(element, "figure")),
  })
  blocks:extend(element.content)
  blocks:extend({ html("</div>"), html("<figcaption>") })
  blocks:extend(element.caption.long)
  blocks:extend({ html("</figcaption>"), html("</figure>") })
  return blocks
end
