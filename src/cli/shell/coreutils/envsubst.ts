/** envsubst (gettext gettext-runtime/src/envsubst.c @ 0.21): `$NAME` and `${NAME}` of a text, or of some names only. */
import { exported } from '../exported.ts';
import { asText, type Desk, Leave, octets } from './desk.ts';

const NAMES = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g;

const namesIn = (text: string): string[] => [...text.matchAll(NAMES)].map(([, bare, braced]) => bare ?? braced!);

export async function envsubst(desk: Desk): Promise<void> {
	const given = desk.options('v', ['variables>v']);
	const [format, ...more] = given.operands;
	if (more.length > 0) throw new Leave('envsubst: too many arguments\n');
	if (given.has('v')) {
		if (format === undefined) throw new Leave('envsubst: missing arguments\n');
		desk.write(
			namesIn(asText(octets(format)))
				.map((name) => `${name}\n`)
				.join(''),
		);
		return;
	}
	const only = format === undefined ? undefined : new Set(namesIn(format));
	const variables = exported(desk.call.state);
	const text = asText(await desk.standardInput());
	desk.write(
		octets(
			text.replace(NAMES, (whole, bare?: string, braced?: string) => {
				const name = bare ?? braced!;
				return only && !only.has(name) ? whole : (variables.get(name) ?? '');
			}),
		),
	);
}
