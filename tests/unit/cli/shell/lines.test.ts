/** What people type that has nothing to do with the lab: this machine's bash and the terminal's shell say the same. */
import { describe, expect, it } from 'vitest';
import { HAS_GNU, inBash, inShell } from './real.ts';

const LINES = `
	seq 100000 | tail -1
	seq -f '%03g' 3
	seq -f 'n%.2f' 1 2
	seq 0 0.5 2
	seq 10 -3 1
	seq -w 9 11
	seq 3 1
	seq x
	seq
	seq -w -1 2
	seq 1 2 3 4
	seq -s ' ' 3
	bash -c 'trap "echo bye" EXIT; exit 3'
	bash -c 'trap "echo bye" 0; trap - EXIT; echo x'
	env A=1 B=2 bash -c 'echo $A$B'
	env -i bash -c 'echo $A'
	echo a | cat | cat | cat
	a=(a b c); unset 'a[1]'; echo \${a[@]} \${#a[@]}
	for i in $(seq 3); do echo $i; done | tac
	seq 5 | while read -r n; do ((n % 2)) || continue; echo $n; done
	seq 3 | { read a; read b; echo $b $a; cat; }
	printf 'a b\\nc d\\n' | while read -r x y; do echo $y-$x; done
	while read -r a; do echo $a | tr a-z A-Z; done < g
	cat f | (head -1; echo --)
	echo a | tee o5 | sed s/a/b/; cat o5
	ls nope 2>&1 | wc -l
	{ echo out; echo err >&2; } 2>&1 | sort
	{ echo out; echo err >&2; } 2>/dev/null | cat
	false | true; echo \${PIPESTATUS[@]}
	true | false | true; echo "\${PIPESTATUS[*]}"
	set -o pipefail; seq 3 | grep 9 | cat; echo $?
	(exit 4) | (exit 5); echo \${PIPESTATUS[0]} \${PIPESTATUS[1]}
	! false | false; echo $?
	x=$(seq 3 | tail -1); echo $x
	echo $(echo a | tr a b) \`echo c | tr c d\`
	diff <(seq 3) <(seq 2 4) | head -3
	sort <(echo b; echo a) | uniq
	f() { cat; }; echo hi | f
	echo x | read v; echo "[$v]"
	shopt -s lastpipe; echo x | read v; echo "[$v]"
	seq 3 | xargs -I{} sh -c 'echo n{}'
	yes | head -3 | uniq -c
	yes a | sed 2q
	yes | awk 'NR>2{exit} {print NR}'
	seq 20 | sed -n '5,7p'
	seq 20 | sed '3q'
	seq 5 | awk 'END{print NR}'
	seq 5 | sed '$!d'
	seq 5 | paste -sd+
	echo 'a:b' | awk -F: '{print $2}' | cat -n
	time true 2>/dev/null
	echo hello world
	printf '%s-%d\\n' a 1 b 2
	printf -v x '%03d' 7; echo $x
	a=(1 2 3); echo \${a[$((1))]} \${a[1+1]} \${#a[@]} \${!a[@]} \${a[-1]}
	i=1; a=(x y z); echo \${a[i]} \${a[$i]} \${a[i+1]}
	a=(1 2 3); a+=(4); echo "\${a[@]}" "\${a[@]:1:2}"
	declare -A m; m[k]=v; m[z]=w; echo \${m[k]} \${#m[@]}
	declare -A m=([a]=1 [b]=2); for k in a b; do echo $k=\${m[$k]}; done
	[[ abc123 =~ ([a-z]+)([0-9]+) ]] && echo \${BASH_REMATCH[0]} \${BASH_REMATCH[1]} \${BASH_REMATCH[2]}
	[[ 10.0.0.1 =~ ^([0-9]+)\\.([0-9]+) ]]; echo \${BASH_REMATCH[2]}
	re='^v([0-9]+)'; [[ v12 =~ $re ]] && echo \${BASH_REMATCH[1]}
	read -r -a w <<< "a b c"; echo \${w[1]} \${#w[@]}
	read a b <<< "1 2 3"; echo "$a|$b"
	IFS=, read a b <<< "1,2"; echo $a-$b
	while IFS=: read -r u x; do echo "$u"; done <<< $'a:1\\nb:2'
	mapfile -t l < f; echo \${#l[@]} "\${l[1]}"
	mapfile -t l < <(seq 3); echo \${l[@]}
	readarray -t l <<< $'p\\nq'; echo \${l[1]}
	case abc in a*) echo yes;; *) echo no;; esac
	case x in a|x) echo one;& b) echo two;; c) echo three;; esac
	case 5 in [0-9]) echo digit;;& 5) echo five;; esac
	f() { local x=1; x=2; echo $x; }; x=0; f; echo $x
	f() { return 3; }; f; echo $?
	set -e; false; echo not
	set -u; echo $nope; echo not
	set -euo pipefail; false | true; echo not
	(set -e; false; echo no); echo $?
	set -o pipefail; false | true; echo $?
	diff <(echo a) <(echo b)
	cat <(echo 1) <(echo 2)
	comm -12 <(echo a) <(echo a)
	echo {a..e} {1..10..3} {01..03} x{1,2}y
	echo {5..1}
	cat <<< "here $((1+1))"
	echo $(<g)
	i=0; ((i++)); echo $i; ((i+=5)); echo $i; ((i>5)) && echo big
	((0)); echo $?
	let "x = 2 ** 8"; echo $x
	echo $((0x1f)) $((010)) $((2#101)) $((7/2)) $((-7%3)) $((1<<4)) $((3>2?1:0))
	v=foobarfoo; echo \${v//foo/x} \${v/foo/y} \${v#foo} \${v%foo} \${v##*o} \${v%%o*}
	v=hello; echo \${v^^} \${v^} \${v:1:3} \${v: -2} \${#v}
	v=HELLO; echo \${v,,} \${v,}
	echo \${nope:-def} \${nope:=set} $nope \${nope:+alt}
	v=a.b.c; echo \${v//./-}; IFS=. ; set -- $v; echo $# $2
	echo \${v:?missing}; echo after
	echo "\${@:-none}" $#
	set -- a b c; echo $# $1 "$*" \${@:2}; shift; echo $1
	x='a b'; printf '<%s>' $x "$x"; echo
	echo 'single $x' "double \\$x" $'tab\\tq'
	seq 3 | xargs -I{} echo item {}
	seq 4 | xargs -n2 echo
	seq 3 | xargs -n1 -P2 echo | sort
	echo a b c | xargs
	printf 'a\\0b\\0' | xargs -0 -n1 echo
	find . -name 'j*' | sort
	find . -type f -name g -exec cat {} \\;
	find . -name 'j?' -exec echo {} + | wc -w
	seq 5
	seq 2 2 8
	seq -w 8 10
	seq -s, 3
	seq 5 -1 3
	seq 1.5 3
	column -t j1
	column -s, -t t.csv
	comm j1 j2
	comm -3 j1 j2
	join j1 j2
	join -a1 j1 j2
	paste j1 j2
	paste -d, j1 j2
	paste -sd+ g
	diff -u g pats | tail -n +3
	diff g pats
	diff -q g pats; echo $?
	echo x | tee -a g | cat; tail -1 g
	sort n
	sort -n n
	sort -k2 n
	sort -k2,2 -k1,1n n
	sort -rn n
	sort -u n
	sort -V v
	sort -h h
	sort -t, -k2 -n t.csv
	sort -c n; echo $?
	uniq n
	uniq -c n
	uniq -d n
	uniq -u n
	sort n | uniq -c | sort -rn
	echo aGVsbG8K | base64 -d
	echo hello | base64
	echo hello | md5sum
	echo hello | sha256sum
	md5sum g
	echo hello | sha1sum
	cut -d' ' -f1 f
	cut -c1-3 g
	cut -d, -f2- t.csv
	tr a-z A-Z < g
	tr -d aeiou < g
	tr -s ' ' < f
	tr -cd '[:alnum:]\\n' < f
	tr '[:lower:]' '[:upper:]' < g
	wc -l f
	wc f
	wc -c < f
	head -n 2 f
	head -2 f
	head -c 5 f
	tail -n 2 f
	tail -2 f
	tail -n +3 f
	tail -c 5 f
	head -1 f g
	tac g
	rev g
	nl g
	nl -ba f
	cat -n f
	cat -A g
	cat -E g
	fold -w 5 g
	sed 's/a/X/g' f
	sed -n '2,3p' f
	sed '2d' f
	sed -n '$p' f
	sed '/^$/d' f
	sed -e 's/a/1/' -e 's/e/2/' g
	sed 's/\\(a\\)\\(l\\)/\\2\\1/' g
	sed -E 's/(a)(l)/\\2\\1/' g
	sed 's|/|:|g' <<< /a/b
	sed '1i\\top' g
	sed '$a bottom' g
	sed -n '/alpha/,/three/p' f
	sed 's/a/X/2' f
	sed 'y/abc/xyz/' g
	sed -n '/alpha/=' f
	sed = g
	sed 'N;s/\\n/ /' g
	sed 's/ALPHA/x/I' g
	sed '2q' f
	sed -i 's/alpha/omega/' g; cat g
	sed 's/[0-9]\\+/N/g' f
	sed -n 'l' g
	awk '{print $1}' f
	awk 'NR==2' f
	awk -F, '{print $2}' t.csv
	awk '{s+=$1} END {print s}' n
	awk '{a[$2]++} END {for (k in a) print k, a[k]}' n | sort
	awk 'BEGIN {printf "%5.2f|%-5s|%03d\\n", 3.14159, "ab", 7}'
	awk '/alpha/ {c++} END {print c}' f
	awk 'length > 9' f
	awk '{print NF, $NF}' f
	awk '{print toupper($0)}' g
	awk '{print substr($0,2,3)}' g
	awk '{gsub(/a/,"b"); print}' g
	awk '$1>5 {print $2}' n
	awk 'NR>1 && /a/' f
	awk '{print > "out"} END {close("out")}' g; cat out
	awk 'BEGIN{while((getline l < "g")>0) print "<" l ">"}'
	awk '{ $2=""; print }' f
	awk 'function f(x){return x*2} {print f($1)}' n
	awk 'BEGIN { "echo hi" | getline x; print x }'
	awk -v n=3 'BEGIN{for(i=0;i<n;i++) printf "%d ", i; print ""}'
	awk 'BEGIN{print index("hello","l"), match("hello",/l+/), RSTART, RLENGTH}'
	awk '!seen[$0]++' n
	awk 'BEGIN{print 1e3, 1/3, 100000000, 0.1+0.2}'
	awk 'BEGIN{print -3 % 2, 2^10, 7/2, int(3.9)}'
	expr 1 + 2
	expr length hello
	test -f f && echo file
	[ -d . ] && [ ! -e nope ] && echo ok
	[ 1 -lt 2 -a 2 -lt 3 ]; echo $?
	[[ -n x && 1 -lt 2 ]] && echo yes
	[[ abc == a* ]] && echo glob
	[[ a < b ]] && echo less
	[ "a" = "a" ] && echo eq
	basename /a/b.txt .txt; dirname /a/b.txt
	echo *.csv
	echo ?
	echo [fg]
	ls
	ls -1 j*
	mkdir -p d/e && touch d/e/x && ls d/e && rm -r d && ls d
	cp g g2 && mv g2 g3 && cat g3
	ln -s g l && readlink l && cat l
	printf '%x %o %e %g %c %5s|%-5s|%05d\\n' 255 8 1234.5 0.0001 abc hi hi 42
	printf '%q\\n' "a b"
	printf '%b\\n' 'a\\tb'
	printf '%s\\n' a b c
	printf '%(%Y)T\\n' 0
	echo -e 'a\\tb\\nc'
	echo -n x; echo y
	echo "a" "b"   c
	true && echo t || echo f
	false && echo t || echo f
	! true; echo $?
	for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done
	for ((i=0;i<3;i++)); do echo $i; done
	for f in j*; do echo $f; done
	while read -r l; do echo "<$l>"; done < g
	until [ $((n++)) -ge 2 ]; do echo $n; done
	x=5; while ((x-->3)); do echo $x; done
	break 2>/dev/null; echo ok
	f() { echo "$1"; [ $1 -gt 0 ] && f $(($1-1)); }; f 2
	x=$(echo a; echo b); echo "$x" $x
	x=\`echo old\`; echo $x
	echo $(echo $(echo nested))
	(x=1; echo $x); echo "[$x]"
	{ echo a; echo b; } | wc -l
	x=1 bash -c 'echo $x'; echo "[$x]"
	export Y=2; bash -c 'echo $Y'
	env Z=3 bash -c 'echo $Z'
	bash -c 'echo $0 $1' name arg
	eval 'x=3; echo $x'
	type -t if; type -t echo; type -t nothing
	command -v cd
	alias x='echo hi'; alias x
	unset x; echo \${x-unset}
	declare -i n=5; n=n+2; echo $n
	declare -r c=1; echo $c; declare -p c
	declare -a q=(1 2); declare -p q
	y=x; x=5; echo \${!y}
	declare -n ref=x; x=7; echo $ref
	echo "\${PWD##*/}" | wc -l
	cd /tmp && pwd && cd - >/dev/null && echo ok
	pushd /tmp >/dev/null; pwd; popd >/dev/null
	echo a >&2
	echo a 2>&1 >/dev/null
	ls nope
	ls nope 2>/dev/null; echo $?
	cat nope
	nosuch
	./nosuch
	/bin/nosuch
	cd nope
	exit 3
	echo a > o1; echo b >> o1; cat o1
	echo x &> o2; cat o2
	exec 3> o3; echo three >&3; exec 3>&-; cat o3
	cat < nope
	exec 4< g; read -u 4 l; echo $l
	: > o4; wc -c < o4
	set -C; echo a > g; echo $?
	yes | head -3
	seq 1 100000 | tail -1
	seq 1000 | awk '{s+=$1} END {print s}'
	echo a | cat - g
	time -p true 2>/dev/null; echo t
	printf '%s\\n' {1..3} | paste -sd,
	echo $'\\x41\\u00e9'
	echo "é" | wc -m
	LC_ALL=C sort v
	shopt -s nullglob; echo *.none; shopt -u nullglob; echo *.none
	shopt -s extglob; echo !(f|g|n|h|v)
	[[ foo == @(foo|bar) ]] && echo ext
	getopts ab: o -a; echo $o
	while getopts ab: o -a -b x; do echo $o $OPTARG; done
	printf 'b\\na\\n' | sort | head -1
	stat -c %s g
	split -l 1 g part; ls part*
	tput cols >/dev/null 2>&1; echo done
	wait; echo $?
	sleep 0; echo $?
	timeout 1 sleep 0; echo $?
	date -u -d @0 +%F
	hash -r; echo $?
	printf '%s' abc | cut -b2
	expand <<< $'a\\tb'
	printf 'a b\\n' | tr ' ' '\\n'
	printf '%d%%\\n' 50
	x=; [ -z "$x" ] && echo empty
	[ -t 1 ] || echo notty
	echo \${#}
	seq 10 | head -n -7
	od -c g
	od g
	printf 'abc' | od -An -tx1
	od -An -tu1 g
	od -Ad -tx1 f
	od -A x -t x1z g | head -0
	od -tx1 -c g
	od -b g
	od -x g
	od -t x4 g
	od -a g
	od -An -td4 g
	od -N4 -j2 -c g
	printf 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab' | od -c
	od -w4 -tx1 g
	od empty
	cat g | od -An -c
	od -Ax -tx1 f | tail -2
`
	.split('\n')
	.map((line) => line.trim())
	.filter((line) => line !== '');

describe.skipIf(!HAS_GNU)('bash writes the same and ends with the same code', () => {
	it.each(LINES)('%s', async (line) => {
		expect((await inShell(line)).out).toBe(inBash(line).out);
	});
});
