-- What the Word file wants of the document: named styles, and sections on their side.

local portrait = '<w:p><w:pPr><w:pStyle w:val="Compact"/><w:sectPr><w:type w:val="nextPage"/>'
  .. '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1531" w:right="1418" w:bottom="1418" '
  .. 'w:left="1418" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr></w:pPr></w:p>'
local landscape = '<w:p><w:pPr><w:pStyle w:val="Compact"/><w:sectPr><w:type w:val="nextPage"/>'
  .. '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1531" w:right="1134" '
  .. 'w:bottom="1134" w:left="1134" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
  .. '</w:pPr></w:p>'

local function styled(content, style)
  return pandoc.Div(content, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

local function is_notes(block)
  return block and block.t == "Div" and block.classes:includes("table-notes")
end

-- A section that has but a heading and a sentence before its wide table begins on that page.
local function opening(made)
  local at = #made
  if at > 0 and made[at].t == "Para" then
    at = at - 1
  end
  return at > 0 and made[at].t == "Header" and at or #made + 1
end

-- Wide tables wait for the end of their section, so that the text before and after them is not
-- torn apart by a page on its side.
local function turn_pages(doc)
  local made, waiting = pandoc.Blocks({}), pandoc.Blocks({})
  local function turn()
    if #waiting > 0 then
      made:insert(opening(made), pandoc.RawBlock("openxml", portrait))
      made:extend(waiting)
      made:insert(pandoc.RawBlock("openxml", landscape))
    end
    waiting = pandoc.Blocks({})
  end
  local index = 1
  while index <= #doc.blocks do
    local block = doc.blocks[index]
    if block.t == "Header" and block.level == 1 then
      turn()
    end
    local group = pandoc.Blocks({ block })
    if block.t == "Table" and is_notes(doc.blocks[index + 1]) then
      group:insert(styled(doc.blocks[index + 1].content, "Table Notes"))
      index = index + 1
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

local function quotation(div)
  if not (div.classes:includes("quote") and #div.content == 1
    and div.content[1].t == "BlockQuote") then
    return nil
  end
  local inside = div.content[1].content
  local last = inside:remove()
  return { styled(inside, "Quotation"), styled({ last }, "Attribution") }
end

return {
  { Pandoc = turn_pages },
  {
    Div = quotation,
    Span = function(span)
      if span.classes:includes("caption-label") then
        return pandoc.Strong(span.content)
      end
      if span.classes:includes("section-number") then
        return span.content
      end
    end,
  },
}
