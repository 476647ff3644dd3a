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

local function turn_pages(blocks)
  local made, index = pandoc.Blocks({}), 1
  while index <= #blocks do
    local block = blocks[index]
    local wide = block.t == "Table" and block.classes:includes("wide")
    local turned = #made > 0 and made[#made].t == "RawBlock" and made[#made].text == landscape
    if wide and not turned then
      made:insert(opening(made), pandoc.RawBlock("openxml", portrait))
    end
    made:insert(block)
    if block.t == "Table" and is_notes(blocks[index + 1]) then
      made:insert(styled(blocks[index + 1].content, "Table Notes"))
      index = index + 1
    end
    if wide then
      made:insert(pandoc.RawBlock("openxml", landscape))
    end
    index = index + 1
  end
  return made
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
  { Blocks = turn_pages },
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
