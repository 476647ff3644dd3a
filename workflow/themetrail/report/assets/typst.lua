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

-- A section that has but a heading and a sentence before its wide table begins on that page.
local function opening(made)
  local at = #made
  if at > 0 and made[at].t == "Para" then
    at = at - 1
  end
  return at > 0 and made[at].t == "Header" and at or #made + 1
end

local MOST_ROWS, MOST_CHARACTERS, MOST_OF_A_ROW = 20, 2500, 1500

local function length_of(row)
  local count = 0
  for _, cell in ipairs(row.cells) do
    count = count + utf8.len(pandoc.utils.stringify(cell.contents))
  end
  return count
end

-- What may fill more than half a page; a row of it that may fill a page has to break too.
local function is_long(tab)
  local rows, characters = 0, 0
  for _, body in ipairs(tab.bodies) do
    for _, row in ipairs(body.body) do
      local count = length_of(row)
      rows, characters = rows + 1, characters + count
      if count > MOST_OF_A_ROW then
        for _, cell in ipairs(row.cells) do
          cell.attributes["typst:breakable"] = "true"
        end
      end
    end
  end
  return rows > MOST_ROWS or characters > MOST_CHARACTERS
end

local function is_notes(block)
  return block and block.t == "Div" and block.classes:includes("table-notes")
end

local function notes(div)
  local blocks = pandoc.Blocks({ typst("#table-notes[") })
  blocks:extend(div.content)
  blocks:insert(typst("]"))
  return blocks
end

-- Wide tables wait for the end of their section, so that the text before and after them is not
-- torn apart by a page on its side. Short ones float, as figures do, but where a section is
-- made of tables and they stand in their order.
local function wide_pages(doc)
  local made, waiting, floats = pandoc.Blocks({}), pandoc.Blocks({}), true
  local function turn()
    if #waiting > 0 then
      made:insert(opening(made), typst("#wide["))
      made:extend(waiting)
      made:insert(typst("]"))
    end
    waiting = pandoc.Blocks({})
  end
  local index = 1
  while index <= #doc.blocks do
    local block = doc.blocks[index]
    if block.t == "Header" and block.level == 1 then
      turn()
      floats = not block.classes:includes("unnumbered")
    end
    local group = pandoc.Blocks({ block })
    if block.t == "Table" then
      local long, wide = is_long(block), block.classes:includes("wide")
      group = pandoc.Blocks({ block })
      if is_notes(doc.blocks[index + 1]) then
        group:extend(notes(doc.blocks[index + 1]))
        index = index + 1
      end
      if long then
        group:insert(typst("#after-table"))
      else
        local float = floats and not wide and "#floating-table[" or "#short-table["
        group:insert(1, typst(float))
        group:insert(typst("]"))
      end
    end
    if block.t == "Table" and block.classes:includes("wide") then
      waiting:extend(group)
    else
      made:extend(group)
    end
    index = index + 1
  end
  turn()
  doc.blocks = made
  return doc
end

-- The first word of a paragraph that is set off from it in bold.
local function run_in(para)
  local first = para.content[1]
  if first and first.t == "Strong" then
    return { typst("#run-in["), para, typst("]") }
  end
end

local function part_of(inlines, class)
  for _, inline in ipairs(inlines) do
    if inline.t == "Span" and inline.classes:includes(class) then
      return inline.content
    end
  end
end

-- An entry of the references whose number stands in a margin of its own.
local function reference(div)
  local paragraph = div.content[1]
  local mark = paragraph and part_of(paragraph.content, "csl-left-margin")
  local body = paragraph and part_of(paragraph.content, "csl-right-inline")
  if not (mark and body) then
    return nil
  end
  return {
    typst("#reference["),
    pandoc.Plain(mark),
    typst("]["),
    pandoc.Plain(body),
    typst("]" .. label_of(div.identifier)),
  }
end

-- Typst turns no page within a block, so a part that only groups is taken apart.
local function ungrouped(div)
  if div.identifier == "" and not (is_quotation(div) or is_notes(div))
    and not div.classes:includes("csl-entry") then
    return div.content
  end
end

return {
  { Div = ungrouped },
  { Pandoc = wide_pages },
  { Para = run_in },
  {
    Div = function(div)
      if div.classes:includes("csl-entry") then
        return reference(div)
      end
      if is_notes(div) then
        return notes(div)
      end
      return is_quotation(div) and quotation(div) or nil
    end,
    Figure = picture,
    Span = function(span)
      if span.classes:includes("caption-label") then
        return pandoc.Strong(span.content)
      end
      if span.classes:includes("section-number") then
        return span.content .. { pandoc.RawInline("typst", "#h(0.35em)") }
      end
    end,
  },
}
