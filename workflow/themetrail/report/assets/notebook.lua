-- What the page of a notebook wants: code and outputs in boxes of their own that scroll.

local boxes = 0

local function html(text)
  return pandoc.RawBlock("html", text)
end

local function boxed(block, what)
  boxes = boxes + 1
  local label = what .. " " .. boxes
  return pandoc.Blocks({
    html('<div class="box" role="region" tabindex="0" aria-label="' .. label .. '">'),
    block,
    html("</div>"),
  })
end

local function in_output(blocks)
  local made = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    if block.t == "RawBlock" and block.format:match("html") then
      -- pandas' own rules would fight ours, and a border is a style's business.
      block.text = block.text:gsub("<style.-</style>", ""):gsub(' border="1"', "")
        :gsub(' style="text%-align: right;"', ""):gsub("<th></th>", "<td></td>")
      made:extend(boxed(block, "Output"))
    elseif block.t == "CodeBlock" then
      made:extend(boxed(block, "Output"))
    else
      made:insert(block)
    end
  end
  return made
end

return {
  {
    traverse = "topdown",
    Div = function(div)
      if div.classes:includes("output") then
        div.content = in_output(div.content)
        div.attributes = {}
        return div, false
      end
      if div.classes:includes("cell") then
        div.attributes = {}
        div.identifier = ""
        return div
      end
    end,
    CodeBlock = function(block)
      if block.classes:includes("python") or block.classes:includes("code") then
        return boxed(block, "Code"), false
      end
    end,
  },
}
