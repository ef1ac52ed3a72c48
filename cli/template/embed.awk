# embed.awk: text files as C strings, called as the files are: a.b.txt is template_a_b.
function begin(path, name) {
	name = path
	sub(/^.*\//, "", name)
	sub(/\.txt$/, "", name)
	gsub(/[^A-Za-z0-9]/, "_", name)
	printf "const char template_%s[] =\n", name
}
BEGIN { print "/* Made by embed.awk from the files beside it. */\n#include \"template.h\"\n" }
FNR == 1 {
	if (NR > 1)
		print "\t;\n"
	begin(FILENAME)
}
{
	line = ""
	for (i = 1; i <= length($0); i++) {
		c = substr($0, i, 1)
		line = line (c == "\\" || c == "\"" ? "\\" c : c)
	}
	printf "\t\"%s\\n\"\n", line
}
END { print "\t;" }
