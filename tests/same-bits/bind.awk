# Of crossgen2's map, given twice: where our methods lie, and which of them each cell that a call goes through stands for.
# What is not ours is bound to a trap, but for the write barrier and for the questions whether X86's instructions are there.
{ gsub(/ *\| */, "|"); split($0, part, "|"); at = part[1]; sub(/^.*:/, "", at) }
FNR == NR {
  if (part[5] !~ /\(MethodWithGCInfo\)$/) next
  name = part[5]; sub(/ *\(MethodWithGCInfo\)$/, "", name); method[name] = at
  if (sub(/^Risk_Domain_Risk_Domain_Measures_/, "", name)) print "method", name, at
  next
}
part[2] == "" && part[5] ~ /SignaturePointer/ {
  target = "trap"; name = part[5]
  if (name ~ /Helper_(Checked)?WriteBarrier$/) target = "barrier"
  else if (name ~ /X86_.*__get_IsSupported/) target = "unsupported"
  else if (sub(/.*MethodEntry: /, "", name)) { sub(/;.*/, "", name); if (name in method) target = method[name] }
  print "cell", at, target
}
