/** `dirs`, `pushd` and `popd` (bash builtins/pushd.def @ 5.2). The first of the stack is where one is. */
import type { Result, State } from '../just-bash.ts';
import type { Asked } from './index.ts';
import { refused } from './options.ts';

type Stacked = State & { directoryStack?: string[] };

const answer = (exitCode: number, stdout = '', stderr = ''): Result => ({
	stdout,
	stderr,
	exitCode,
	stdoutKind: 'text',
});

/** Directories behind the one where one is. */
const behind = (state: State): string[] => {
	const stacked = state as Stacked;
	stacked.directoryStack ??= [];
	return stacked.directoryStack;
};

export const stackOf = (state: State): string[] => [state.cwd, ...behind(state)];

function shown(state: State, path: string, long: boolean): string {
	const home = state.env.get('HOME') ?? '';
	if (long || home.length < 2) return path;
	return path === home ? '~' : path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** Index that `+n` or `-n` names; undefined of what is none. */
function index(word: string, length: number): number | undefined {
	const [, sign, digits] = /^([-+])(\d+)$/.exec(word) ?? [];
	if (sign === undefined) return undefined;
	return sign === '+' ? Number(digits) : length - 1 - Number(digits);
}

export async function directories(asked: Asked): Promise<Result> {
	if (asked.name === 'dirs') return dirs(asked);
	return asked.name === 'pushd' ? pushd(asked) : popd(asked);
}

function dirs({ args, state }: Asked): Result {
	let [long, lines, numbers] = [false, false, false];
	let chosen: string | undefined;
	for (const word of args) {
		if (index(word, 1) !== undefined) chosen = word;
		else if (/^-[clpv]+$/.test(word)) {
			if (word.includes('c')) {
				behind(state).length = 0;
				return answer(0);
			}
			long ||= word.includes('l');
			lines ||= word.includes('p');
			numbers ||= word.includes('v');
		} else if (word !== '--')
			return refused('dirs', word.startsWith('-') ? `${word}: invalid number` : `${word}: invalid option`);
	}
	const stack = stackOf(state);
	if (chosen !== undefined) {
		const path = stack[index(chosen, stack.length)!];
		if (path === undefined)
			return answer(
				1,
				'',
				`bash: dirs: ${stack.length === 1 ? 'directory stack empty' : `${chosen.slice(1)}: directory stack index out of range`}\n`,
			);
		return answer(0, `${shown(state, path, long)}\n`);
	}
	const words = stack.map((path) => shown(state, path, long));
	if (numbers) return answer(0, words.map((word, i) => `${String(i).padStart(2)}  ${word}\n`).join(''));
	return answer(0, lines ? words.map((word) => `${word}\n`).join('') : `${words.join(' ')}\n`);
}

/** Goes there, or says in whose name it cannot. */
async function go({ name, run }: Asked, path: string): Promise<Result> {
	const result = await run('cd', [path]);
	return { ...result, stdout: '', stderr: result.stderr.replace(/^bash: cd: /, `bash: ${name}: `) };
}

const isIndex = (word: string): boolean => /^[-+]\d+$/.test(word);

async function pushd(asked: Asked): Promise<Result> {
	const { args, state } = asked;
	const stays = args[0] === '-n';
	const words = (stays ? args.slice(1) : [...args]).filter((word) => word !== '--');
	const [word] = words;
	const rest = behind(state);
	if (words.length > 1) return answer(1, '', 'bash: pushd: too many arguments\n');
	if (word === undefined) {
		if (rest.length === 0) return answer(1, '', 'bash: pushd: no other directory\n');
		const { cwd } = state;
		if (!stays) {
			const gone = await go(asked, rest[0]!);
			if (gone.exitCode !== 0) return gone;
			rest[0] = cwd;
		}
	} else if (isIndex(word)) {
		const stack = stackOf(state);
		const at = index(word, stack.length)!;
		if (rest.length === 0 || at >= stack.length || at < 0)
			return answer(
				1,
				'',
				`bash: pushd: ${rest.length === 0 ? 'directory stack empty' : `${word}: directory stack index out of range`}\n`,
			);
		const turned = [...stack.slice(at), ...stack.slice(0, at)];
		const gone = await go(asked, turned[0]!);
		if (gone.exitCode !== 0) return gone;
		rest.splice(0, rest.length, ...turned.slice(1));
	} else if (/^-./.test(word)) return refused('pushd', `${word}: invalid number`);
	else if (stays) rest.unshift(word);
	else {
		const { cwd } = state;
		const gone = await go(asked, word);
		if (gone.exitCode !== 0) return gone;
		rest.unshift(cwd);
	}
	return dirs({ ...asked, args: [] });
}

async function popd(asked: Asked): Promise<Result> {
	const { args, state } = asked;
	const stays = args[0] === '-n';
	const words = (stays ? args.slice(1) : [...args]).filter((word) => word !== '--');
	const [word] = words;
	if (words.length > 1) return answer(1, '', 'bash: popd: too many arguments\n');
	const rest = behind(state);
	if (word !== undefined && !isIndex(word))
		return refused('popd', /^-/.test(word) ? `${word}: invalid number` : `${word}: invalid argument`);
	if (rest.length === 0) return answer(1, '', 'bash: popd: directory stack empty\n');
	const at = word === undefined ? 0 : index(word, rest.length + 1)!;
	if (at > rest.length || at < 0) return answer(1, '', `bash: popd: ${word}: directory stack index out of range\n`);
	if (at > 0) rest.splice(at - 1, 1);
	else if (stays) rest.shift();
	else {
		const gone = await go(asked, rest[0]!);
		if (gone.exitCode !== 0) return gone;
		rest.shift();
	}
	return dirs({ ...asked, args: [] });
}
