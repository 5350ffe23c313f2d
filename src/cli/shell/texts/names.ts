/** basename and dirname (coreutils src/{basename,dirname}.c @ v8.32). */
import { type Desk, octets } from '../coreutils/desk.ts';
import { quote } from './lines.ts';

const last = (path: string): string => {
	if (/^\/+$/.test(path)) return '/';
	const plain = path.replace(/\/+$/, '');
	return plain.slice(plain.lastIndexOf('/') + 1);
};

export async function basename(desk: Desk): Promise<void> {
	const given = desk.options('as:z', ['multiple>a', 'suffix=>s', 'zero>z']);
	const { operands } = given;
	if (operands.length === 0) throw desk.usage('missing operand');
	const many = given.has('a') || given.has('s');
	if (!many && operands.length > 2) throw desk.usage(`extra operand ${quote(desk, operands[2]!)}`);
	const suffix = many ? (given.value('s') ?? '') : (operands[1] ?? '');
	for (const path of many ? operands : operands.slice(0, 1)) {
		const name = last(path);
		const short = suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
		desk.write(octets(short) + (given.has('z') ? '\0' : '\n'));
	}
}

export async function dirname(desk: Desk): Promise<void> {
	const given = desk.options('z', ['zero>z']);
	if (given.operands.length === 0) throw desk.usage('missing operand');
	for (const path of given.operands) {
		const plain = path.replace(/(.)\/+$/, '$1');
		const at = plain.lastIndexOf('/');
		const above = at < 0 ? '.' : plain.slice(0, at).replace(/\/+$/, '') || '/';
		desk.write(octets(/^\/+$/.test(path) ? '/' : above) + (given.has('z') ? '\0' : '\n'));
	}
}
