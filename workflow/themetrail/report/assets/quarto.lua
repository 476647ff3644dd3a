-- What Quarto wants of the document: images with their alternative text as an attribute, and
-- pages on their side in its own class.

local function plain_image(figure)
  local image
  figure:walk({
    Image = function(found)
      image = image or found
    end,
  })
  if not image then
    return nil
  end
  image.attributes["fig-alt"] = pandoc.utils.stringify(image.caption)
  image.caption = {}
  local blocks = pandoc.Blocks({ pandoc.Para({ image }) })
  for _, block in ipairs(figure.caption.long) do
    blocks:insert(pandoc.Para(block.content))
  end
  return pandoc.Div(blocks, pandoc.Attr(figure.identifier))
end

return {
  {
    Figure = plain_image,
    Table = function(tab)
      tab.attributes["data-table"] = nil
      if tab.classes:includes("wide") then
        tab.classes = {}
        return pandoc.Div({ tab }, pandoc.Attr("", { "landscape" }))
      end
      tab.classes = {}
      return tab
    end,
  },
}
