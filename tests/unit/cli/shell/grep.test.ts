import { describe, expect, it } from 'vitest';
import { screen } from '../fake-lab.ts';
import { HAS_GNU, inBash, inShell } from './real.ts';

const LINES = `
	grep -e alpha -e foo f
	grep -e Beta -e soup -e three f
	grep -E 'alpha|foo' f
	grep -E -e 'al+' -e '^foo' f
	grep -F -e alpha. -e 'foo bar' f
	grep -F alpha.beta f
	grep -F -f pats f
	grep -f pats f
	grep -i beta f
	grep -w alpha f
	grep -x 'alpha one' f
	grep -v alpha f
	grep -ve alpha -e foo f
	grep -c alpha f
	grep -c zzz f
	grep -o 'al[a-z]*' f
	grep -on alpha f
	grep -ob alpha f
	grep -n alpha f
	grep -A1 Beta f
	grep -B1 Beta f
	grep -C1 Beta f
	grep -1 Beta f
	grep -A1 -n alpha f
	grep -A1 alpha f g
	grep -n alpha f g
	grep -h alpha f g
	grep -H alpha f
	grep -l alpha f g n
	grep -L alpha f g n
	grep -q alpha f
	grep -q zzz f
	grep alpha nofile
	grep -s alpha nofile
	grep alpha f nofile
	grep -r alpha .
	grep -rn soup . 
	grep -rl soup --include=f .
	grep -m1 alpha f
	grep -m2 -n alpha f
	grep -P '\\d+\\.\\d+' f
	grep -oP '(?<=alpha )\\w+' f
	grep -oP 'alpha\\K.*' f
	grep -E '[0-9]{1,3}(\\.[0-9]{1,3}){3}' f
	grep -oE '[0-9]+' f
	grep 'al\\(pha\\)\\? one' f
	grep 'a\\{1,2\\}' f
	grep 'foo\\|soup' f
	grep 'o\\+' f
	grep '^$' f
	grep -n '^$' f
	grep -vn '^$' f
	grep -c '' f
	grep '' f
	grep -e '' g
	grep '\\bone\\b' f
	grep '\\<alpha\\>' f
	grep '[[:digit:]]' f
	grep '[[:upper:]]' f
	grep --color=always alpha f
	grep --color=always -n alpha f g
	grep --color=always -o alpha f
	grep --color=auto alpha f
	grep --color alpha f
	grep -io ALPHA f
	cat f | grep alpha -
	cat f | grep -H alpha
	grep --line-buffered alpha f
	grep -E '(a)\\1' f
	grep -z alpha f | tr '\\0' '\\n'
	grep 'x*' g
	grep -o 'x*' g
	grep -w -o 'be' f
	grep -E '^(alpha|foo) ' f
	grep -E 'foo|' g
	grep '*' f
	grep -E 'a{2,}' f
	grep -e
	grep
	grep -E '(' f
	grep -y beta f
	grep --count alpha f
	grep --regexp=alpha --ignore-case f
	grep --max-count=1 alpha f
	grep -A 1 -B 1 three f
	grep -c alpha f g
	grep -cv alpha f g
	grep -nv alpha g
	grep -oh '[a-z]*' g
	grep -T alpha f
	grep -no alpha f g
	grep -i 'ALPHA' f -c
	grep -- -v f
	echo -v | grep -- -v
	printf 'a\\nb' | grep b
	printf 'é\\nè\\n' | grep é
	printf 'a\\tb\\n' | grep -P '\\t'
	grep -E 'one$|two$' f
	egrep 'alpha|foo' f
	fgrep alpha. f
	grep alpha < f
	grep -A1 -e alpha -e foo f
	grep -e Beta -e soup --color=always f
	grep --exclude=g -r alpha . | sort
	grep -rc alpha . | sort
	grep -v -e alpha -e Beta -e '^$' f
	grep -xF -e alpha -e beta g
	grep -wE 'alpha|one' f
	grep -vw alpha f
	printf 'a\\0b\\n' | grep b
	printf 'a\\0b\\n' | grep -a b | wc -c
	grep -E ')' f
	grep 'a\\{1' f
	grep -P '(?i)BETA' f
	grep -P 'al(?!phab)' f
	grep -oP '\\w+(?= two)' f
	grep -P '(o)\\1' f
	grep '\\(o\\)\\1' f
	grep -oE '(a|al|alpha)+' f
	grep -oP 'a|alpha' g
	grep -e x* -e
	grep -nA1 -m1 alpha f
	grep --context=1 Beta f
	grep --colour=always -c alpha f g
	grep --no-such f
	grep -A x f
	grep -lv alpha f g
	printf 'ab ab\\n' | grep -ow ab
	printf 'a_b a b\\n' | grep -ow a
	grep -c $'alpha\\nfoo' f
	printf 'x\\n\\ny\\n' | grep -vc .
	grep alpha empty
	grep -L alpha empty f
	printf 'É\\n' | grep -i é
	printf '日本語\\n' | grep -o '本.'
`
	.split('\n')
	.map((line) => line.trim())
	.filter((line) => line !== '');

describe.skipIf(!HAS_GNU)('grep writes what GNU’s writes', () => {
	it.each(LINES)('%s', async (line) => {
		expect(await inShell(line)).toEqual(inBash(line));
	});
});

describe('grep', () => {
	it('paints on a terminal only', async () => {
		const s = screen();
		await s.run('echo abc > f');
		expect(await s.run('grep --color=auto b f')).toBe('a\u001b[01;31m\u001b[Kb\u001b[m\u001b[Kc\n');
		expect(await s.run('grep --color=auto b f | cat')).toBe('abc\n');
	});

	it('takes no longer for patterns that others take forever for', async () => {
		const s = screen();
		const before = performance.now();
		const many = 'a'.repeat(3000);
		expect(await s.run(`echo ${many}b | grep -cE '^(a|aa)+$'`)).toBe('0\n');
		expect(await s.run(`echo ${many} | grep -oE '(a*)*b'; echo $?`)).toBe('1\n');
		expect(await s.run(`echo ${many}b | grep -cP '^(a+)+$'`)).toBe('0\n');
		expect(await s.run(`echo ${many}b | grep -cP '(a+)+\\1$'`)).toContain("exceeded PCRE's backtracking limit");
		expect(performance.now() - before).toBeLessThan(5000);
	});
});
