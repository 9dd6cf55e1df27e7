-- The script of what is held: the root knows when it is let go of. Its tag is the address that hears 0 then.

function onValueChanged(key)
  if key == 'touch' then
    root:notify(self.values.touch and 'held' or 'let go', self.tag)
  end
end
