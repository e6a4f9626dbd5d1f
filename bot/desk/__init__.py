"""The editors' workshop: what came back from a phone, an office or a reader goes into the content folder.

commands   what stands behind `khua facts verify`, `khua review` and the like
folder     the content folder as the desk has it in hand: written whole and right, or not at all
pencil     a change in one place of a YAML file that leaves every other sign of it as it is
verify     one confirmation of one fact
calls      the sheet of telephone numbers for a spreadsheet, out and in
report     how the facts stand, and which page tells which
files      the page of the docs about the files and their fields
review     the sheet of words for a reader, out and in
campaigns  a campaign with its link and QR code
"""
