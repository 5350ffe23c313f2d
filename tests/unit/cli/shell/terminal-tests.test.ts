/** `-t` asks whether a terminal is open (bash test.c @ 5.1). */
import { expect, it } from 'vitest';
import { terminal } from '../terminal.ts';

const YES = ['[ -t 0 ]', '[ -t 1 ]', 'test -t 2', '[[ -t 1 ]]', '[[ -t 0 && -t 1 ]]', '[ ! -t 3 ]', '[ -t 1 -a -t 0 ]'];
const NO = [
	'[ -t 0 ] < /etc/hosts',
	'[ -t 0 ] < /dev/null',
	'[ -t 1 ] > out',
	'[[ -t 1 ]] > out',
	'[ -t 2 ] 2> out',
	'[ -t 7 ]',
	'[[ ! -t 1 ]]',
	'[ = = -t ]',
	'echo x | [ -t 0 ]',
	'[ -t 1 ] | cat; [ "${PIPESTATUS[0]}" = 0 ]',
	'(exec > out; [ -t 1 ])',
	'bash -c "[ -t 1 ]" > out',
	'bash -c "[ -t 0 ]" < /dev/null',
	'echo x | bash -c "[ -t 0 ]"',
];
const ALSO = [
	'[ -t 0 ] > out',
	'[ -t 0 ] | cat; [ "${PIPESTATUS[0]}" = 0 ]',
	'one=1; [[ -t $one ]]',
	'has() { [ -t 1 ]; }; has',
	'bash -c "[ -t 1 ]"',
	'bash -c "[ -t 0 ]" > out',
	'if [ -t 1 ]; then true; else false; fi',
	'while read x; do [ ! -t 0 ] || exit 3; done < /etc/hosts',
];

it('is true where a terminal is, and only there', async () => {
	const at = await terminal();
	const wrong: string[] = [];
	for (const line of [...YES, ...ALSO]) if (!(await at.run(`${line} && echo yes`)).includes('yes')) wrong.push(line);
	for (const line of NO) if (!(await at.run(`${line} || echo no`)).includes('no')) wrong.push(line);
	expect(wrong).toEqual([]);
	expect(await at.run('echo "<$([ -t 1 ] && echo out; [ -t 2 ] && echo err)>"')).toBe('<err>\n');
	expect(await at.run('set -x; [ -t 1 ] && echo yes; set +x')).toBe("+ '[' -t 1 ']'\n+ echo yes\nyes\n+ set +x\n");
});

it('asks of the terminal that a command in a container is given', async () => {
	const at = await terminal();
	const asks = "sh -c '[ -t 1 ] && echo one; [ -t 0 ] && echo nought; true'";
	await at.run('kubectl run one --image=nginx; kubectl wait --for=condition=Ready pod/one');
	expect(await at.run(`kubectl exec one -- ${asks}`)).toBe('');
	expect(await at.run(`kubectl exec -i one -- ${asks}`)).toBe('');
	expect(await at.run(`kubectl exec -it one -- ${asks}`)).toBe('one\nnought\n');
	expect(await at.run(`docker exec basic-worker ${asks}`)).toBe('');
	expect(await at.run(`docker exec -it basic-worker ${asks}`)).toBe('one\nnought\n');
});
