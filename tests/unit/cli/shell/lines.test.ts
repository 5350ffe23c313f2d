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
	echo a\\\\.b[0] a\\.b[0] a\\\\\\\\b* 'a\\b'* "q\\."[0] x\\**
	mkdir d9; cd d9; touch 'a\\.b0' a.b1; echo a\\\\.b[0] a\\\\.b[1]; for i in a\\\\.x[0] a\\\\.b?; do echo "$i"; done; y=(a\\\\.x[0]); echo "\${y[0]}"
	a=(a b c); unset 'a[1]'; echo \${a[@]} \${#a[@]}
	for i in $(seq 3); do echo $i; done | tac
	A="echo hi"; $A you; $(echo echo sub) x
	E=; $E echo still; $NOTHING; echo $?
	f() { echo "f:$*"; }; F="f a"; $F b
	f() { "$@"; }; f echo "a  b" c; a=(echo "x  y"); "\${a[@]}" z; set --; "$@" echo still
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
	f() { echo 5; }; echo $(( $(f) + 1 ))
	fact() { (( $1 <= 1 )) && echo 1 || echo $(( $1 * $(fact $(($1 - 1))) )); }; fact 5
	g() { local k=7; echo $(( $(echo $k) + 1 )); }; g
	for i in 1 2; do echo $(( $(echo $i) * 2 )); done
	seq 2 | while read n; do echo $(( $(echo $n) + 10 )); done
	x=9; echo $(( $(x=3; echo $x) )) $x; (( y = $(echo $x) + 1 )); echo $y
	echo a > /nope/x 2>/dev/null; echo $?; ls /nope 2>/dev/null; echo $?
	{ { echo a > /nope/x; }; echo a >> no/x; echo a > f/x; (echo a > ./no/x); } 2>&1 | sed 's/line 1: //'
	{ { echo a; } > no/x; (echo b) > no/y; for i in 1; do echo $i; done > no/z; } 2>&1 | sed 's/line 1: //'; ls
	p=no; { echo a > $p/x; p=/nope; echo a > $p/x; } 2>&1 | sed 's/line 1: //'
	cp f no/y 2>&1; cp f /nope/y 2>&1; mv f no/y 2>&1; mv f n/y 2>&1; echo $?; ls f
	ln -s f no/l 2>&1; touch no/t 2>&1; echo hi | tee no/t 2>&1; echo $?
	tar cf no/x.tar f 2>&1; echo $?; mkdir d; cp d/a no/x 2>&1; echo $?
	mkdir -p no/d/e; echo a > no/d/e/f; cp -r no no2; mv no2 no3; cat no3/d/e/f; ls -d no2 2>&1
	date -u -d '2024-02-28 + 2 days' +%F; date -u -d '2024-01-31 +1 month' +%F; date -u -d '2024-03-01 1 week ago' +%F
	date -u -d '2024-02-29 - 1 year' '+%F %T'; date -u -d '2024-03-01 -3 days' +%F; date -u -d 2024-01-31 +%F
	trap 'echo usr1' USR1; kill -USR1 $$; echo after $?
	(kill -0 $$); echo $?
	bash -c 'kill -9 $$; echo no'; echo $?
	bash -c 'trap "echo t" TERM; kill -TERM $$; echo survived'; echo $?
	bash -c 'trap "echo bye" EXIT; kill -USR2 $$; echo no'; echo $?
	bash -c 'trap "" TERM; kill $$; echo yes'; echo $?
	bash -c '(kill $$); echo no'; echo $?
	id nobody; id -u root; id -gn nobody; id nosuch
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
	awk '{print | "sort"}' n
	awk '{print $2 | "sort -u"} END {close("sort -u"); print "end"}' n
	awk 'BEGIN {while (("seq 3" | getline x) > 0) print x*2}'
	awk 'BEGIN {"date -u -d @0 +%Y" | getline y; close("date"); print y}'
	awk 'BEGIN {cmd="cat g"; while ((cmd | getline) > 0) print NR, $0; close(cmd)}'
	awk 'BEGIN{system("echo sys"); print "after"}'
	awk 'BEGIN{r=system("exit 3"); print r}'
	awk 'BEGIN{print strftime("%Y-%m-%d", 0, 1)}'
	awk '{print > "/dev/stderr"}' g
	awk 'BEGIN{print "x" > "/dev/stdout"}'
	awk 'BEGIN{printf "%s %d %i %o %x %X %e %f %g %c %%\\n", "a", 3.9, 4, 8, 255, 255, 1.5, 2.5, 0.1, 65}'
	awk 'BEGIN{print length("abc"), length()}' 
	awk 'BEGIN{a["x"]=1; delete a; print length(a)}'
	awk 'BEGIN{n=split("a:b:c",p,":"); print n,p[1],p[3]}'
	awk 'BEGIN{n=split("abc",p,""); print n,p[2]}'
	awk 'BEGIN{print tolower("ABC") toupper("x")}'
	awk 'BEGIN{x="aaa"; print gsub(/a/,"b&",x), x}'
	awk 'BEGIN{print match("foobar","o+"), RSTART, RLENGTH}'
	awk 'BEGIN { if (!("x" in a)) print "no" }'
	awk 'BEGIN{OFS="-"; $0="a b c"; $1=$1; print}'
	awk 'BEGIN{FS=","} {print $2}' t.csv
	awk -F'[ ,]' '{print $2}' f
	awk -F'\\t' '{print NF}' f
	awk 'BEGIN{RS=""}{print NR": "$1}' f
	awk -v RS=, '{print}' t.csv
	awk 'NR==FNR{a[$1]=$2;next} $1 in a{print $1,a[$1],$2}' j1 j2
	awk 'FNR==1{print FILENAME}' f g
	awk 'BEGIN{getline; print "got " $0}' g
	awk '{getline x < "g"; print x, $0}' n
	awk 'BEGIN{print ARGC, ARGV[1]}' a b
	awk 'BEGIN{print ENVIRON["HOME"]!=""}'
	awk 'BEGIN{do {i++} while(i<5); print i}'
	awk 'BEGIN{for(;;){if(++i>3)break}; print i}'
	awk 'BEGIN{print 1==1.0, "a"<"b", 10<9, "10"<"9"}'
	awk 'BEGIN{print 5 " " -1, 5 -1}'
	awk 'BEGIN{printf "%*d|%-*d|\\n", 5, 42, 5, 42}'
	awk 'BEGIN{exit 3} END{print "end"}'
	awk 'BEGIN{print -7%3, int(-3.7), sqrt(16), exp(0), log(1), sin(0), cos(0), atan2(0,1)}'
	awk '/alpha/,/gamma/' f
	awk 'END{print $0}' g
	awk 'BEGIN{print substr("x",1,1)^2}'
	awk "BEGIN{print 'x'}"
	awk '{print $1' f
	awk 'BEGIN{print toupper(substr("abc",1,1)) substr("abc",2)}'
	awk '{a[NR]=$0} END{for(i=NR;i>0;i--) print a[i]}' g
	awk '{$NF=""; print}' n
	awk 'BEGIN{print (1>2) ? "y":"n"}'
	awk '{sum[$2]+=$1} END{for(k in sum) printf "%s=%d\\n", k, sum[k]}' n | sort
	awk 'function fact(n){return n<=1?1:n*fact(n-1)} BEGIN{print fact(10)}'
	awk 'BEGIN{while(i<3){i++; if(i==2)continue; print i}}'
	awk '$2 ~ /^[bc]$/ {print $1}' n
	awk '$1 !~ /9/' n
	awk 'NF' f
	awk 'NF{c++}END{print c+0}' f
	awk '{ print NR ":" $0 }' g | tail -1
	awk 'BEGIN{print index("abc","")}'
	awk 'BEGIN{print substr("hello", 2, 100)}'
	awk 'BEGIN { printf "%5s|%-5s|%.2s|\\n", "abc", "abc", "abc" }'
	awk 'BEGIN { print 0x10, 1e2, .5, 1000000, 1e6, 1234567890, 0.1 }'
	awk 'BEGIN { print length(12345) }'
	awk 'BEGIN { "pwd" | getline d; print d != "" }'
	awk 'BEGIN{print > "x.out"; close("x.out")}'; wc -l x.out
	awk '{print $1 >> "y.out"}' g; cat y.out
	awk 'BEGIN { printf "a\\n" | "cat"; close("cat"); print "b" }'
	echo "a b c" | awk '{print $(NF-1)}'
	echo "a b c" | awk '{NF=2; print}'
	echo "3.0" | awk '{print $1==3}'
	echo "a,b;c" | awk -F'[,;]' '{print $1 $2 $3}'
	echo 'x=1&y=2' | awk 'BEGIN{RS="&";FS="="}{print $1,$2}'
	awk 'BEGIN{s="aXbXc"; gsub(/X/,"[&]",s); print s; gsub(//,"-",s); print s; t="abc"; gsub(/x*/,"-",t); print t; u="hello"; gsub(/l/,"\\\\&",u); print u}'
	awk 'BEGIN{s="abcabc"; print sub(/b+/,"<&&>",s), s; print gsub(/$/,"!",s), s; print gsub(/^/,">",s), s}'
	awk 'BEGIN { printf "%d %s\\n" , 1 , "a" ; printf("%s-%s\\n", "x", "y") > "/dev/stdout" }'
	awk 'BEGIN { a["x",1]=2; for (k in a) { split(k, p, SUBSEP); print p[1], p[2] } if (("x",1) in a) print "yes" }'
	awk 'function f(a){a["k"]=1} BEGIN{f(z); print z["k"]}'
	awk 'function g(n,  i,s){for(i=0;i<n;i++) s=s i; return s} BEGIN{print g(5)}'
	awk 'BEGIN{while("echo a b; echo c" | getline l) n++; print n, l}'
	awk 'BEGIN{print length}' < /dev/null
	awk '{print length, length($1)}' f
	awk 'NR%2==0{next}{print NR}' f
	awk 'BEGIN{x; print x+0, x "" ,!x}'
	awk 'BEGIN{print 1,2,3 > "o"; print "more" > "o"; close("o"); while((getline l < "o")>0) print l}'
	awk 'BEGIN{print 1e300*1e300, -1e300*1e300, log(-1)}'
	awk 'BEGIN{print 1/0}'
	awk 'BEGIN{printf "%5.1f|%-8s|%08.3f|%+d|% d|%x|%c%c\\n", 3.14159, "hi", 3.14159, 5, 5, 255, "ABC", 66}'
	awk 'BEGIN{if (!(3 in a)) print "n"; a[3]; if (3 in a) print "y"; delete a[3]; print length(a)}'
	awk '/a/{n++} /o/{m++} END{print n, m, n/m}' f
	awk -F: -v OFS=, '{print $1,$2}' <<< a:b:c
	awk -F'|' '{print $2}' <<< 'a|b|c'
	awk -F. '{print $2}' <<< 'a.b.c'
	awk -F'\\\\.' '{print $2}' <<< 'a.b.c'
	awk -F'  +' '{print $2}' <<< 'a b   c'
	awk '{$1=$1};1' <<< '  a   b '
	awk '{print $1, $NF; NF=1; print; $3="z"; print; print NF}' <<< 'a b c d'
	awk '1;END{print NR}' f g
	awk 'END{print NR, $0}' f
	awk 'BEGIN{print "a" > "/dev/stderr"; print "b"}' 2>/dev/null
	awk '/one/,/three/{print NR}' f
	awk 'BEGIN { "echo hi" | getline; print $1; print NR }'
	awk 'BEGIN{print toupper("héé"), length("é")}'
	awk 'BEGIN{print match("xxabcx", "abc"), RSTART, RLENGTH; print match("x","y"), RSTART, RLENGTH}'
	awk 'BEGIN{print -3 ^ 2, 2 ^ 3 ^ 2, !0 + 1, 1 - 1 - 1, 2 * 3 % 4}'
	awk 'BEGIN{i=5; print i++ + ++i, i--, --i, i}'
	awk 'BEGIN{a="10"; b=9; print (a<b), ("10"<9), (a+0<b)}'
	awk '{print ($1<$2)}' <<< '10 9'
	awk 'BEGIN{print length("a" "b"), "a" "b" == "ab", 1 " " 2}'
	awk 'BEGIN{$0="a b c"; print NF; $5="e"; print; print NF}'
	awk 'BEGIN{$3="x"; print; print NF}'
	awk '{ sub(/a/, "b") } 1' g
	awk '/\\/a/{print "s"} /[/]b/{print "t"}' <<< $'x/a\\nx/b'
	awk '$0 ~ "a\\\\.b"' <<< $'a.b\\naxb'
	awk '/^[[:alpha:]]+ [^ ]+$/' f
	awk '/a|b/{c++}END{print c}' f
	awk '/(al|be)(pha|ta)/' f
	awk '{a[$1]=a[$1] " " $2} END{for(k in a) print k ":" a[k]}' n | sort
	awk 'BEGIN{for(i=1;i<=3;i++){for(j=1;j<=3;j++){if(j==2)continue;if(i==3)break;printf "%d%d ",i,j}}; print ""}'
	awk 'BEGIN { exit } END { print "e" }'
	awk 'BEGIN { exit 4 }'; echo $?
	awk '{ exit 2 } END { print NR }' f
	awk 'BEGIN { while (i<3) { i++; if (i==2) continue; print i } do { print "d" } while (0) }'
	awk 'BEGIN { if (1) if (0) print "a"; else print "b" }'
	awk 'BEGIN { if (1) { print "a" } else { print "b" } ; ; }'
	awk 'BEGIN { x = 1; x += 2; x *= 3; x ^= 2; x %= 50; x /= 2; x -= 1; print x }'
	awk 'BEGIN{printf "%i %5d|%-5d|%05d\\n", 1.9, 2, 3, 4}'
	awk 'BEGIN{OFMT="%.2f"; print 3.14159, 3.14159 ""; CONVFMT="%.1f"; print (3.14159 "")}'
	awk 'BEGIN{print index("foobar","bar"), index("a","z")}'
	awk 'BEGIN{print substr("abc",2,0) "x"}'
	awk 'BEGIN{print "a\\tb\\\\n\\"q\\" \\/ \\101"}'
	awk -v 'x=a\\tb' 'BEGIN{print x}'
	awk '{print x, $1}' x=5 g
	awk 'BEGIN{print ARGV[0], ARGC}' x y=1
	awk 'BEGIN{getline l < "nope"; print (getline l < "nope")}'
	awk '{print}' nope
	awk '{print}' g nope
	awk '@' f
	awk 'BEGIN{print "unterminated}'
	awk '/unterminated' f
	awk '{print $-1}' g
	awk -f <(echo '{print NR}') g
	seq 5 | awk '{s+=$1} END{print s, s/NR}'
	seq 10 | awk 'NR==3,NR==5'
	seq 3 | awk '{print $1 > "p" $1 ".txt"}'; cat p1.txt p3.txt
	ls | awk 'NR>3{exit} {print}'
	printf 'a b\\0c d\\0' | awk 'BEGIN{RS="\\0"}{print $1}'
	printf 'a1b22c' | awk 'BEGIN{RS="[0-9]+"}{print}'
	printf 'k: 1\\nl: 2\\n\\nk: 3\\n' | awk 'BEGIN{RS="";FS="\\n"}{print $1, NF}'
	printf 'a\\n\\n\\n\\nb\\n' | awk -v RS= '{print NR": "$0}'
	echo 'a b c' | awk '{for(i=NF;i>0;i--) printf "%s%s", $i, (i>1?" ":"\\n")}'
	echo "1 2" | awk '{print $1+$2, $1*$2, $1/$2, $1-$2, $1%$2, $1^$2}'
	echo '0x1A 1e3 +5 -.5 .e1' | awk '{for(i=1;i<=NF;i++) print $i+0}'
	echo a b | awk '{print $1$2, $1 $2, $1, $2}'
	echo 'foo(bar)' | awk -F'[()]' '{print $2}'
	head -n -2 f
	head -n -1 f g
	head -c -3 g
	head -q -n 1 f g
	head -v -n 1 f
	tail -n +2 g
	tail -n +2 f g
	tail -c +3 g
	tail -q -n 1 f g
	tail -v -n1 f
	seq 5 | tail -n -2
	cut -d, -f1,3 --output-delimiter=: t.csv
	cut -d, -f1 --complement t.csv
	cut -c2- --complement g
	cut -b1-2,4 --output-delimiter=- g
	cut -d' ' -f2 -s f
	cut -f2 g
	cut
	cut -d, t.csv
	cut -d,, -f1 t.csv
	cut -d, -f0 t.csv
	cut -z -c1 g | od -c
	sort -rh h
	sort -k2,2n -k1,1 n
	sort -t, -k2nr t.csv
	sort -s -k1,1 n
	sort -R n | wc -l
	sort -m n n
	sort -o so n; cat so
	sort -z n | od -c | head -2
	sort -f f
	sort -b -k2 f
	sort -d f
	sort -M <<< $'Feb\\nJan'
	sort -c f
	sort --check=quiet f; echo $?
	sort -k 2.2 n
	sort -x n
	sort nope
	expr 1 : 1
	expr abc : 'a\\(.\\)c'
	expr abcde : '.*c'
	expr match abc 'a.'
	expr substr hello 2 3
	expr index hello lo
	expr 3 \\* 4
	expr 7 / 0
	expr 5 '>' 3
	expr a = a
	expr 0
	expr 1 + x
	expr
	expr 5 % 3
	expr \\( 1 + 2 \\) \\* 3
	expr a '|' b
	expr 0 '|' 5
	expr '' '&' 3
	wc f g
	wc -l f g
	wc -c f g n
	wc -w f
	wc -m f
	wc -L f
	wc < f
	wc -lw f
	cat f | wc
	wc -l < f
	wc nope
	wc -l nope f
	wc -lc g
	uniq -c n; uniq -d n; uniq -D n; uniq -f1 n; uniq -w1 n; uniq -i <<< $'a\\nA'; uniq -s1 n; uniq -z n | wc -c; uniq nope
	tr a; tr; tr -d; tr abc x <<< aabbcc; tr -t abc x <<< abc; tr a-c A-C <<< abc; tr -c a- . <<< abc; tr '[:digit:]' N <<< a1; tr -ds a b <<< aabb
	tr '\\n' ' ' < g; tr -s a-z < f; tr 'a-z' 'n-za-m' <<< hello; tr -d '\\r' <<< $'a\\r'; tr '[a*3]' x <<< a; tr z-a x <<< x
	tr '[:lower:]' '[:upper:]' < g; tr -d '\\n' < g; tr 'abc' '[x*]' < g; tr '[a*2]b' xyz <<< aab; tr -s '\\n' < f; tr -c 'a-z\\n' '_' < f; tr -cs 'a-z' '\\n' < f; tr a '\\\\' < g; tr '\\\\' / <<< 'a\\b'; tr '\\0-\\377' x <<< a; tr '[:foo:]' x; tr a b c; tr -d a b; tr a ''; tr -x
	sort -n <<< $'10\\n9\\n-3\\n1.5\\n1.25\\n007\\n\\nabc'
	sort -nr n; sort -t: -k2,2n -k1,1r <<< $'b:2\\na:2\\nc:1'; sort -k1,1 -k2,2nr <<< $'a 1\\na 3\\nb 2'; sort -t. -k1,1n -k2,2n <<< $'10.2\\n9.1\\n9.0'; sort -t $'\\t' -k2 <<< $'a\\tz\\nb\\ty'
	sort -V <<< $'a10\\na9\\na1.10\\na1.9\\n1.0~rc1\\n1.0\\n.a\\n..\\n.\\nv1.2.3-rc.1\\nv1.2.3\\nfoo.tar.gz\\nfoo1.tar.gz'
	sort -h <<< $'1K\\n1M\\n512\\n1.5K\\n-1K\\n0\\n2G'; sort -M <<< $'DEC\\nfoo\\nJAN'; sort -u -k1,1 <<< $'a 1\\na 2\\nb 1'; sort -s -k1,1 <<< $'a 2\\na 1'; sort -f <<< $'b\\nA\\na\\nB'; sort -k 2b <<< $'a   z\\nb y'; sort -k1.2 <<< $'ab\\nba'; sort -k 0 n; sort -k a n; sort -t ab n; sort -t '' n; sort -k1,1x n
	uniq -c <<< $'a\\na\\nb'; uniq -cd <<< $'a\\na\\nb'; uniq -u <<< $'a\\na\\nb'; uniq n out; cat out; uniq -D <<< $'a\\na\\nb'; uniq --all-repeated=separate <<< $'a\\na\\nb\\nb'; uniq -f x n; uniq a b c
	head -n x f; head -c 1k f | wc -c; head -n 0 f; head -5 g; head -n; head -z; head nope g; head .; head -c 2 f g; head --lines=1 f; head -n1 -q f g; head -n 1k f | wc -l; head -n +2 f; head -c -100 f; head -n -100 f
	cut -d: -f1,3- <<< a:b:c:d; cut -d: -f-2 <<< a:b:c; cut -d' ' -f2- f; cut -c -3 g; cut -c 2 g; cut -f; cut -d: -f2-1 g; cut -d: -fx g; cut -c0 g; cut -b1 -c1 g; cut -s -c1 g; cut -d: -c1 g; cut -d '' -f1 g; cut -f1 nope g; cut -d, -f3,1 t.csv; cut -c1,1-2,5 f; cut --fields=1 --delimiter=, t.csv; cut -d$'\\t' -f2 <<< $'a\\tb'; cut --output-delimiter='' -d, -f1,2 t.csv; cut -c1-2,4-5 --output-delimiter=, f
	wc nope g; wc .; wc -l . g; wc g empty; wc empty; wc -w < f; wc -cl f n; cat f | wc -l; cat f | wc -lw; wc - < f; wc --lines f; wc -x; wc f f f f f f f f f f f f; wc -c f h; seq 100000 | wc; wc -L <<< $'a\\tb'
	expr 2 + 3 \\* 4; expr 10 - 3 - 2; expr 7 % 3; expr -5 / 2; expr 3 = 3; expr a \\< b; expr 10 \\< 9; expr 2 \\> 10; expr '' \\| x; expr 0 \\& 1; expr length 'a b'; expr abc : b; expr abc : 'a.*'; expr v1.2.3 : 'v\\([0-9]*\\)'; expr 'x/y' : '.*/\\(.*\\)'; expr 99999999999999999999 + 1; expr + length; expr 1 2; expr 1 +; expr \\( 1; expr \\) ; expr a + 1; expr 5 '*'; expr substr abc 0 1; expr index abc z; expr match abc abd; expr ab : 'a\\|b'; expr 1 '!=' 2
	tar cf x.tar f g; tar tf x.tar; mkdir z; tar xf x.tar -C z; ls z
	tar czf x.tgz f && tar tzf x.tgz
	gzip -k g; zcat g.gz; gunzip -c g.gz | wc -l; ls g*
	gzip g; ls g*; gunzip g.gz; cat g
	realpath g | sed 's|.*/||'; realpath nope | sed 's|.*/||'; realpath -e nope
	ln -s g l; readlink -f l | sed 's|.*/||'; readlink g; echo $?
	echo a | sha512sum | cut -c1-10
	shuf -n 2 n | wc -l
	shuf -i 1-3 | sort
	shuf -e a b | sort
	truncate -s 3 g; cat g
	truncate -s +2 g; wc -c g
	dd if=g of=h2 bs=2 count=2 2>/dev/null; cat h2
	dd if=/dev/zero bs=1k count=2 2>/dev/null | wc -c
	dd if=g 2>&1 | tail -1 | cut -c1-8
	xxd g
	xxd -p g
	xxd -r -p <<< 616263
	hexdump -C g
	hexdump g
	cksum g
	mktemp -d | cut -c1-9
	mktemp foo.XXX | cut -c1-4
	chown 1000 g 2>/dev/null; echo $?
	cmp f g; cmp f f; echo $?; cmp -s f g; echo $?
	mkdir -p a/b; ln -s ../f a/l; ln -s loop loop; realpath a/l | sed 's|.*/||'; realpath a/../a/./b/.. | sed 's|.*/||'; realpath --relative-to=a f; readlink a/l; readlink -f a/l | sed 's|.*/||'; readlink -e nope; echo $?; readlink -v f; readlink -f nope/x; echo $?; realpath; readlink; realpath a/nope/x; realpath -m a/nope/x | sed 's|.*/a/|a/|'
	truncate -s 1K f; wc -c f; truncate -s -1000 f; wc -c f; truncate -s 5 new; wc -c new; truncate f; truncate -s x f; truncate -s 3; truncate -c -s 3 nope; ls nope; truncate -r g new; wc -c new; truncate -s %4 g; wc -c g
	dd if=f bs=4 count=1 2>/dev/null; dd if=f of=o bs=1 skip=2 count=3 2>/dev/null; cat o; echo abc | dd 2>&1 | head -2; dd if=nope; dd foo=1; dd bs=x; echo abc | dd conv=ucase status=none; printf abcdef > p; printf XY | dd of=p bs=1 seek=2 conv=notrunc status=none; cat p; dd if=/dev/zero count=1 bs=3 status=none | od -c
	cmp f f; echo $?; cmp f g; cmp f nope; cmp -s f nope; echo $?; cmp g <(printf 'alpha\\n'); cmp -l g <(printf 'Alpha\\nBeta\\n'); cmp; cmp -n 1 f g; cmp g <(printf alp); cmp g empty
	xxd f | head -2; xxd -l 5 f; xxd -s 3 -l 4 f; xxd -g 1 g; xxd -c 4 g; xxd -p f; xxd -b g; xxd -u g; xxd g | xxd -r; xxd nope
	shuf -i 1-5 | sort -n | tr '\\n' ' '; shuf -n 3 -i 1-100 | wc -l; shuf -e x; shuf -i 5-1; shuf -n x f; shuf f | sort | cmp - <(sort f); shuf nope; shuf -r -n 5 -e a
	gzip f; ls f*; gunzip f.gz; ls f*; gzip -k g; zcat g.gz; gzip -dc g.gz; gzip < g | gunzip; gzip nope; gunzip nope; gunzip f; zcat f; gzip -c g | zcat; mkdir dd; gzip dd; gzip g.gz; gzip -t g.gz; echo $?; cat g | gzip | gzip -d | cmp - g
	cksum f g; cksum < g; cksum nope; printf '' | cksum; sha512sum g | cut -c1-20; sha512sum nope; sha384sum < g | cut -c1-20; sha512sum g > s; sha512sum -c s; echo x >> g; sha512sum -c s
	mktemp x; mktemp xXX; mktemp -u aXXX | wc -c; mktemp -d dXXX | wc -c; mktemp --suffix=.txt fXXX | grep -c '^f...\\.txt$'; mktemp nope/XXX; mktemp a b; f=$(mktemp); [ -f $f ] && stat -c %a $f
	umask; umask -S; umask 022; echo $?; ulimit -s; ulimit -c
	sleep 0.1 & sleep 0.2 & wait -n; echo $?; jobs | wc -l
	(exit 3) & wait -n; echo $?
	sleep 5 & disown; jobs; echo $?
	sleep 10 & jobs -p | wc -l; kill $(jobs -p); wait; echo $?
	nohup echo hi; setsid echo x; disown %3; bg %2; echo $?
	factor 12 97 1001 1; factor abc; echo $?; echo 60 | factor
	echo '$HOME \${A} $B' | A=1 B=2 envsubst '$A $B'; echo 'x$A-\${B} \${C:-d} $$' | A=1 envsubst
	envsubst < /dev/null; A=1 envsubst -v 'a $A \${B}'
	export N=web; printf 'name: \${N}\\n' > t.yaml; envsubst < t.yaml
	stat -c '%A %a %s %n %F %h' g . | sed 's/[0-9]* *$//' | head -1
	stat -c '%y' g | wc -c
	stat -c %Z g | wc -c; stat --format=%N g; stat --printf='%s\\n' g
	stat -L -c %F .; stat -c %F nope .
	stat -c '%5s|%-5s|%05a|%%|%q' g 2>/dev/null | cut -c1-20
	ln -s g l; stat -c '%N %F' l; stat -Lc %F l
	find . -mmin -5 -name g
	find . -mtime +1; find . -mmin +1; find . -mtime 0 -name g
	touch -d '2020-01-01' old; find . ! -newer old -type f; find . -newer old -name g
	find . -name g -printf '%f %s %p %m %y %d %P %h|%5s|%-5s|\\n'
	find . -perm 644 -name g; find . -perm -u+w -name g; find . -perm /111 -type f; find . -perm -444 -name g
	find . -name 'j*' -delete; ls j*
	find . -name 'j*' -exec echo {} \\; | sort; find . -name 'j*' -exec echo x{}y \\; | sort; find . -name 'j?' -exec echo {} + | wc -w
	find . -name f -exec grep -l alpha {} \\; -print; find . -name f -exec false \\; -print; find . -name g -exec nosuch {} \\;; echo $?
	find nope; echo $?
	find . -foo; echo $?
	find . -name; echo $?
	find . -type x; echo $?
	find . -name g -quit; find . -name g -ls | wc -w
	find . -name g -execdir echo {} \\;
	find -name g; find . -prune; mkdir d; touch d/g; find . -name d -prune -o -name g -print
	find . \\( -name f -o -name g \\) -print0 | tr '\\0' '\\n' | sort; find . \\( -name f; echo $?
	find . -regex '.*/[fg]' | sort; find . -regextype posix-extended -regex '\\./(f|g)' | sort; find . -iname G; find . -path './g'
	find . -maxdepth 0; find . -mindepth 1 -maxdepth 1 -name 'f'; mkdir -p a/b/c; find a -depth; find a -type d -empty; find a/ -name c
	find . -size +10c -name f; find . -size -1k -name empty; find . -size 1 -name g; find . -size 11c -name g; find . -empty -type f
	find f g; find g -name g x; echo $?; find . -name f , -name g -print
	find . -not -name '*' ; find . -name '[fg]' | sort; find . -name '\\f'; find . -name '[!a-z]*'
	(trap 'echo sub' EXIT; echo in); echo out
	(trap 'echo a' EXIT; exit 3); echo $?
	(trap 'echo $x' EXIT; x=5; exit 3); echo $?
	x=$(trap 'echo bye' EXIT; echo hi); echo "$x"
	x=$(trap 'echo bye' EXIT; exit 4); echo "$? $x"
	{ trap 'echo x' EXIT; echo hi; } | cat
	(trap 'echo a; exit 5' EXIT; exit 3); echo $?
	(set -e; trap 'echo a $?' EXIT; false; echo no); echo $?
	bash -c 'trap "echo a; exit 5" EXIT; exit 3'; echo $?
	bash -c 'trap "echo a" EXIT; false'; echo $?
	printf 'trap "echo bye" EXIT\\necho hi\\nexit 2\\n' > s.sh; bash s.sh; echo $?
	trap 'echo err $?' ERR; false; echo go
	trap 'echo err $?' ERR; false || true; echo go
	trap 'echo err $?' ERR; if false; then :; fi; ! true; echo go
	trap 'echo err $?' ERR; f() { false; echo in; }; f; echo go
	set -E; trap 'echo err $?' ERR; f() { false; echo in; }; f; echo go
	set -o errtrace; trap 'echo err $?' ERR; f() { false; echo in; }; f; echo go
	trap 'echo err $?' ERR; f() { return 3; }; f; echo go
	trap 'echo err $?' ERR; (exit 4); echo go
	trap 'echo err' ERR; false | true; true | false; echo go
	trap 'echo err' ERR; { false; echo x; }; for i in 1 2; do false; done; [[ a == b ]]; ((0)); while false; do :; done; echo go
	trap 'echo err line $LINENO' ERR; false
	printf 'trap "echo err at \\\\$LINENO" ERR\\n\\nfalse\\necho x\\n' > s; bash s
	set -e; trap 'echo err $?' ERR; false; echo not
	set -e; trap 'echo exit $?' EXIT; false; echo not
	set -Ee; trap 'echo err $?' ERR; f() { false; }; f; echo not
	trap 'echo ERR at \${FUNCNAME[0]:-main} $LINENO' ERR; f() { false; }; f
	trap 'echo ret' RETURN; f() { echo in; }; f
	f() { trap 'echo ret' RETURN; echo in; }; f; f2() { echo two; }; f2
	trap 'echo ret' RETURN; echo 'echo src' > s; . ./s
	set -T; trap 'echo ret' RETURN; f() { echo in; }; f
	trap 'x' INT TERM; trap -p; trap - INT; trap; trap -p TERM
	trap '' INT; trap -p; trap INT; trap -p
	trap -l
	trap x; echo $?
	trap -z; echo $?
	trap 'echo usr' USR1; bash -c 'trap'; (trap)
	(trap 'a' USR1; trap); trap
	trap 'echo e' ERR; trap -p ERR; trap - ERR; trap -p; false
	bash -c 'set -e; trap "echo cleanup \\$?" EXIT; f() { false; }; f; echo no'; echo $?
	f() { echo hi; }; f & wait
	x=5; y() { echo $x; }; y & wait
	a=(1 2 3); echo \${a[1]} & wait
	f() { local z=4; echo $z & wait; }; f
	set -o pipefail; false | true & wait $!; echo $?
	for i in 1 2 3; do (sleep 0.$i; echo $i) & done; wait; echo end
	cd /tmp; pwd & wait
	(f() { echo sub; }; f & wait)
	x=1; { x=2; echo $x; } & wait; echo $x
	f() { echo $1; [ $1 -lt 5 ] && f $(($1+1)) & wait; }; f 1
	while true; do break; done & wait; echo ok
	sleep 100 & kill %1; wait %1; echo $?
	sleep 100 & kill -9 %1; wait %1; echo $?
	sleep 100 & kill -9 $!; wait $!; echo $?
	kill -l
	kill -l 9 15 TERM 143
	kill -l FOO; echo $?
	kill -s; echo $?
	(sleep 1; echo a) & (wait; echo sub); wait
	wait abc; echo $?
	wait 99999; echo $?
	(exit 7) & wait -f $!; echo $?
	(exit 5) & wait -n -p v; echo $? $((v == $!))
	exec echo hi; echo no
	exec bash -c 'echo $0; exit 4' foo; echo no
	(exec echo sub); echo out
	x=$(exec echo sub); echo $x
	exec echo a | cat; echo out
	trap 'echo e' EXIT; exec echo hi
	exec > o; echo hidden; exec >&2; cat o
	exec 3>&1; echo x >&3
	bash -c 'exec false'; echo $?
	f() { exec echo in; }; f; echo no
	exec echo a > o7
	bash -c 'exec echo a > o7; echo no'; cat o7
	set -e; f() { false; echo in; }; f || echo caught
	set -e; f() { false; echo in; }; if f; then echo y; fi
	set -e; f() { false; echo in; }; f && echo y; echo z
	set -e; f() { false; echo in; }; ! f; echo z
	set -e; (false; echo x) || echo caught
	set -e; { false; echo x; } && echo y
	set -e; f() { false; echo in; }; f; echo no
	set -e; f() { false; echo in; }; true && f; echo no
	set -e; while f=$(false); do :; done; echo z
	set -e; false || false; echo no
	set -e; true || false; f() { ! false; echo u; false; }; f; echo no
	echo 'echo $0' > a.sh; chmod +x a.sh; ./a.sh; bash a.sh; bash ./a.sh
	printf '#!/bin/bash\\necho $0 $#\\n' > a.sh; chmod +x a.sh; ./a.sh 1 2; ../$(basename $PWD)/a.sh | sed 's/.*a.sh/a.sh/'
	printf '#!/bin/sh\\necho $0 "$@"; exit 3\\n' > a.sh; chmod +x a.sh; ./a.sh 1 2; echo $?
	printf '#!/usr/bin/env bash\\necho \${BASH_VERSION:+bash}\\n' > a.sh; chmod +x a.sh; ./a.sh
	printf '#!/bin/cat\\nhello\\n' > a.sh; chmod +x a.sh; ./a.sh
	printf '#!/usr/bin/awk -f\\nBEGIN{print 5}\\n' > a.sh; chmod +x a.sh; ./a.sh
	printf '#!/bin/bash -e\\nfalse; echo no\\n' > a.sh; chmod +x a.sh; ./a.sh; echo $?
	printf 'while read l; do echo "<$l>"; done\\n' > a.sh; chmod +x a.sh; cat g | ./a.sh; ./a.sh < g
	printf 'x=5; export y=6; cd /tmp\\n' > a.sh; chmod +x a.sh; ./a.sh; echo "[$x$y]" \${PWD##*/} | wc -w
	mkdir d; ./d; echo $?
	touch ne; ./ne; echo $?
	mkdir b; printf 'echo mine $1\\n' > b/mytool; chmod +x b/mytool; PATH=$PWD/b:$PATH; mytool 1
	printf '#!/bin/sh\\nwhile :; do echo y; done\\n' > a.sh; chmod +x a.sh; ./a.sh | head -2
	timeout 1 sleep 5; echo $?
	timeout -s KILL 1 sleep 5; echo $?
	timeout -s9 1 sleep 5; echo $?
	timeout -k 1 1 sleep 5; echo $?
	timeout --preserve-status 1 sleep 5; echo $?
	timeout 3 tcpdump-not-there; echo $?
	timeout 3 false; echo $?
	timeout 0.1s sleep 1; echo $?
	timeout; echo $?
	timeout 5; echo $?
	timeout x sleep 1; echo $?
	timeout -x 5 true; echo $?
	timeout 5 ./nope; echo $?
	timeout -v 1 sleep 3; echo $?
	timeout 5 cd /; echo $?
	timeout -s FOO 1 true; echo $?
	timeout 5 sh -c 'echo a; exit 3'; echo $?
	echo hi | timeout 5 cat
	nohup nosuch; echo $?
	nice nosuch; echo $?
	env nosuch; echo $?
	stdbuf -oL nosuch; echo $?
	setsid nosuch; echo $?
	env -i A=1 env; env -u HOME sh -c 'echo $HOME.'
	env -C / pwd; env -S 'echo a b'; env -i /bin/echo hi
	env --chdir=/tmp pwd; env -x; echo $?
	env -C nope pwd; echo $?
	env A=1 nosuch; echo $?
`
	.split('\n')
	.map((line) => line.trim())
	.filter((line) => line !== '');

describe.skipIf(!HAS_GNU)('bash writes the same and ends with the same code', () => {
	it.each(LINES)('%s', async (line) => {
		expect((await inShell(line)).out).toBe(inBash(line).out);
	});
});

describe.skipIf(!HAS_GNU)('a here-document', () => {
	it.each([
		['quotes are themselves', "cat <<EOF\nit's $'x' \"q\" $\"a\"\nEOF\necho $'a\\tb'"],
		['a quoted one is as it stands', "cat <<'EOF'\n$'x' $HOME\nEOF"],
		['with tabs taken away', "cat <<-EOF\n\t$'x'\n\tEOF"],
		[
			'lists in brackets keep their quotes',
			"X=1; cat <<Y\n[sh, -c, 'a \\$X $X $((1+2)) $? $(echo \"[b 'c']\") `echo [1]`']\nY",
		],
		['a bracket that is closed in a later line', "cat <<Y\na: [x,\n  'y']\nY"],
		['patterns keep their backslashes', 'cat <<Y\n\\.\\* \\[a-z\\] \\(x\\)\\{2\\} \\\\ \\+ \\^ \\?\nY'],
		[
			'patterns of ksh keep their backslashes',
			'cat <<Y\n(\\s+(\\d+|\\*)(/\\d+)?){4}$ +(\\d) @(\\*) ?(\\.) !(a\\*b) \\+(\\*) s+(a|b) (1+(2))\nY',
		],
		['a tilde is no home', 'cat <<Y\n~/a=~/b ~\n~ c=~\nY\ncat <<Y\na=~\nY'],
		['a tilde with tabs before it', "cat <<-Y\n\t~/a [b 'c']\n\tY"],
		['parameters with quotes in them', `X=1; cat <<Y\n[\${X:-'q'} \${N:-[d]} '\${X}' "\${#X}"]\nY`],
		['two of them, one quoted', "cat <<A; cat <<'B'\n[a 'b']\nA\n\\[c 'd'] $X\nB"],
		['substitutions keep their quotes', "cat <<EOF\n$(echo $'a\\tb')\nEOF"],
	])('%s', async (_, line) => {
		expect((await inShell(line)).out).toBe(inBash(line).out);
	});
});
