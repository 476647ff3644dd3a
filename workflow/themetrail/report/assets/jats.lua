-- What JATS wants of the document: no boxes, quotations with their source, notes after tables.

local function jats(text)
  return pandoc.RawBlock("jats", text)
end

local function quotation(div)
  local inside = div.content[1].content
  local last = inside:remove()
  local blocks = pandoc.Blocks({ jats('<disp-quote content-type="quotation">') })
  blocks:extend(inside)
  blocks:insert(jats("<attrib>"))
  blocks:insert(pandoc.Plain(last.content))
  blocks:extend({ jats("</attrib>"), jats("</disp-quote>") })
  return blocks
end

local function unboxed(div)
  if div.identifier == "refs" then
    return nil
  end
  if div.classes:includes("quote") and #div.content == 1 and div.content[1].t == "BlockQuote" then
    return quotation(div)
  end
  if div.classes:includes("table-notes") then
    local blocks = pandoc.Blocks({ jats("<table-wrap-foot>") })
    blocks:extend(div.content)
    blocks:insert(jats("</table-wrap-foot>"))
    return blocks
  end
  return div.content
end

return {
  {
    Div = unboxed,
    Span = function(span)
      if span.classes:includes("section-number") or span.classes:includes("caption-label") then
        return pandoc.RawInline("jats", "<label>" .. pandoc.utils.stringify(span) .. "</label>")
      end
      return span.classes:includes("fact") and span or span.content
    end,
  },
}
