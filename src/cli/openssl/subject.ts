/** `-subj /O=dev/CN=john` (apps/lib/apps.c parse_name @ 3.0). */
import { type Subject, subjectDer } from '../../sim/api/index.ts';

/** The name and its encoding, or what is wrong with it. */
export function subjectOfText(text: string): { readonly subject: Subject; readonly der: Uint8Array } | string {
	if (!text.startsWith('/'))
		return `name is expected to be in the format /type0=value0/type1=value1/type2=... where characters may be escaped by \\. This name is not in that format: '${text}'\n`;
	const organizations: string[] = [];
	let commonName = '';
	for (const part of text.slice(1).split(/(?<!\\)\//)) {
		const [, type, value] = /^([^=]+)=(.*)$/.exec(part) ?? [];
		if (type === undefined || value === undefined)
			return `req: Hit end of string before finding the '='\nproblems making Certificate Request\n`;
		const plain = value.replace(/\\(.)/g, '$1');
		if (type === 'CN') commonName = plain;
		else if (type === 'O') organizations.push(plain);
		else return `req: the simulator has names of O and CN only, not ${type}\n`;
	}
	const subject = { organizations, commonName };
	return { subject, der: subjectDer(subject) };
}
