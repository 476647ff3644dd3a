-- Numbers sections, figures and tables, and turns @sec-x, @fig-x, @tbl-x into links that name
-- them: the same words in every format. Runs before citeproc, which would take them for citations.

local labels = { fig = "Figure", tbl = "Table", sec = "Section" }
local numbered_levels = 2 -- deeper headings are referred to by their title
local names, counts, section = {}, { fig = 0, tbl = 0 }, { 0, 0, 0, 0, 0, 0 }

local function kind_of(id)
  return id:match("^(%a+)%-")
end

local function words(text)
  return pandoc.Inlines({ pandoc.Str(text) })
end

local function number_section(header)
  if header.classes:includes("unnumbered") or header.level > numbered_levels then
    names[header.identifier] = pandoc.Inlines({ pandoc.Str("“") }) .. header.content:clone()
      .. words("”")
    return nil
  end
  section[header.level] = section[header.level] + 1
  for level = header.level + 1, 6 do
    section[level] = 0
  end
  local parts = {}
  for level = 1, header.level do
    parts[level] = tostring(section[level])
  end
  local number = table.concat(parts, ".")
  names[header.identifier] = words("Section\u{a0}" .. number)
  header.content:insert(1, pandoc.Space())
  header.content:insert(1, pandoc.Span(words(number), pandoc.Attr("", { "section-number" })))
  return header
end

local function number_float(element, kind)
  counts[kind] = counts[kind] + 1
  local label = labels[kind] .. "\u{a0}" .. counts[kind]
  if element.identifier ~= "" then
    names[element.identifier] = words(label)
  end
  element.attributes["data-label"] = label
  local prefix = pandoc.Span(words(label .. "."), pandoc.Attr("", { "caption-label" }))
  local first = element.caption.long[1]
  if first and first.content then
    first.content:insert(1, pandoc.Space())
    first.content:insert(1, prefix)
  else
    element.caption.long:insert(1, pandoc.Plain({ prefix }))
  end
  return element
end

local number = {
  traverse = "topdown",
  Header = number_section,
  Figure = function(figure)
    return number_float(figure, "fig")
  end,
  Table = function(tab)
    return number_float(tab, "tbl")
  end,
}

local function link_to(id)
  if not names[id] then
    error("unresolved cross reference @" .. id)
  end
  return pandoc.Link(names[id]:clone(), "#" .. id, "", pandoc.Attr("", { "cross-reference" }))
end

-- A reference's own words around it: [see @fig-x, left].
local function resolve(cite)
  local ours = 0
  for _, citation in ipairs(cite.citations) do
    if labels[kind_of(citation.id) or ""] then
      ours = ours + 1
    end
  end
  if ours == 0 then
    return nil
  end
  if ours < #cite.citations then
    error("a cross reference and a citation share one pair of brackets: @" .. cite.citations[1].id)
  end
  local bracketed = cite.citations[1].mode ~= "AuthorInText"
  local made = pandoc.Inlines({})
  for index, citation in ipairs(cite.citations) do
    if index > 1 then
      made:extend({ pandoc.Str(";"), pandoc.Space() })
    end
    if #citation.prefix > 0 then
      made:extend(citation.prefix)
      made:insert(pandoc.Space())
    end
    made:insert(link_to(citation.id))
    made:extend(citation.suffix)
  end
  if bracketed then
    made:insert(1, pandoc.Str("("))
    made:insert(pandoc.Str(")"))
  end
  return made
end

return { number, { Cite = resolve } }
