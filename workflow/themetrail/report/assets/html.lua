-- What the page wants of the document: tables in a box of their own that scrolls.

local function escaped(text)
  return (text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;"):gsub('"', "&quot;"))
end

local function html(text)
  return pandoc.RawBlock("html", text)
end

local function attributes_of(element)
  local parts = {}
  if element.identifier ~= "" then
    parts[1] = ' id="' .. escaped(element.identifier) .. '"'
  end
  local classes = table.concat({ "table", table.unpack(element.classes) }, " ")
  parts[#parts + 1] = ' class="' .. escaped(classes) .. '"'
  if element.attributes["data-table"] then
    parts[#parts + 1] = ' data-table="' .. escaped(element.attributes["data-table"]) .. '"'
  end
  return table.concat(parts)
end

function Table(element)
  local label = element.attributes["data-label"] or "Table"
  local caption = element.caption.long
  local blocks = pandoc.Blocks({
    html("<figure" .. attributes_of(element) .. ">"),
    html("<figcaption>"),
  })
  blocks:extend(caption)
  blocks:extend({
    html("</figcaption>"),
    html('<div class="table-box" role="region" tabindex="0" aria-label="' .. escaped(label) .. '">'),
  })
  element.caption = { long = {} }
  element.attr = pandoc.Attr("", {}, {})
  blocks:extend({ element, html("</div>"), html("</figure>") })
  return blocks
end

function Figure(element)
  element.attributes["data-label"] = nil
  return element
end
