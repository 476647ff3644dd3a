-- What the page template (paper.typ) wants of the document: its own functions for quotations,
-- figures, tables' notes and pages on their side.

local function typst(text)
  return pandoc.RawBlock("typst", text)
end

local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", "\\n") .. '"'
end

local function label_of(identifier)
  return identifier == "" and "" or "#label(" .. quoted(identifier) .. ")"
end

local function is_quotation(div)
  return div.classes:includes("quote") and #div.content == 1 and div.content[1].t == "BlockQuote"
end

local function quotation(div)
  local inside = div.content[1].content
  local blocks = pandoc.Blocks({ typst("#quotation[") })
  for index = 1, #inside - 1 do
    blocks:insert(inside[index])
  end
  blocks:insert(typst("]["))
  blocks:insert(inside[#inside])
  blocks:insert(typst("]"))
  return blocks
end

local function picture(figure)
  local image
  figure:walk({
    Image = function(found)
      image = image or found
    end,
  })
  if not image then
    return nil
  end
  local alt = pandoc.utils.stringify(image.caption)
  local blocks = pandoc.Blocks({
    typst("#figure(kind: image, picture(" .. quoted(image.src) .. ", " .. quoted(alt)
      .. "), caption: ["),
  })
  blocks:extend(figure.caption.long)
  blocks:insert(typst("])" .. label_of(figure.identifier)))
  return blocks
end

local function wide_pages(blocks)
  local made, index = pandoc.Blocks({}), 1
  while index <= #blocks do
    local block = blocks[index]
    local wide = block.t == "Table" and block.classes:includes("wide")
    if wide then
      made:insert(typst("#wide["))
    end
    made:insert(block)
    local next_one = blocks[index + 1]
    if block.t == "Table" and next_one and next_one.t == "Div"
      and next_one.classes:includes("table-notes") then
      made:insert(typst("#table-notes["))
      made:extend(next_one.content)
      made:insert(typst("]"))
      index = index + 1
    end
    if wide then
      made:insert(typst("]"))
    end
    index = index + 1
  end
  return made
end

return {
  { Blocks = wide_pages },
  {
    Div = function(div)
      return is_quotation(div) and quotation(div) or nil
    end,
    Figure = picture,
  },
}
