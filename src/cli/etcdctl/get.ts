/** `etcdctl get`: keys of the API server's objects (ctlv3/command/get_command.go @ v3.5.3). */
import type { Run } from '../cobra/index.ts';
import { connected } from './connect.ts';
import { format } from './flags.ts';
import { type Stored, storedIn } from './keys.ts';

/** End of the range of keys that begin with a text; everything after it sorts higher. */
const chosen = (run: Run, key: string, end: string | undefined, all: readonly Stored[]): readonly Stored[] =>
	run.flags.on('prefix')
		? all.filter((one) => one.key.startsWith(key))
		: run.flags.on('from-key')
			? all.filter((one) => one.key >= key)
			: end === undefined
				? all.filter((one) => one.key === key)
				: all.filter((one) => one.key >= key && one.key < end);

export async function get(run: Run): Promise<string | number> {
	const { flags, args, call } = run;
	const [key, end] = args;
	if (key === undefined) return 'get command needs one argument as key and an optional argument as range_end';
	if (flags.on('prefix') && flags.on('from-key'))
		return '`--prefix` and `--from-key` cannot be set at the same time, choose one';
	if (flags.on('keys-only') && flags.on('count-only'))
		return '`--keys-only` and `--count-only` cannot be set at the same time, choose one';
	const wrong = format(run, 'simple', ...(flags.on('count-only') ? ['fields'] : []));
	if (wrong) return wrong;
	const reached = await connected(run);
	if ('failure' in reached) return reached.failure;
	let found = chosen(run, key, end, storedIn(call.cluster()!));
	const order = flags.text('order').toUpperCase();
	const by = flags.text('sort-by').toUpperCase();
	const number = ({ object }: Stored): number => Number(object?.metadata.resourceVersion ?? 0);
	if (by === 'MODIFY') found = [...found].sort((a, b) => number(a) - number(b));
	else if (by !== '' && by !== 'KEY') return `the simulator's store sorts by KEY and MODIFY, not by ${by}`;
	if (order === 'DESCEND') found = [...found].reverse();
	const count = found.length;
	if (flags.on('count-only')) {
		if (flags.text('write-out') === 'fields') call.out(`"Count" : ${count}\n`);
		return 0;
	}
	if (flags.number('limit') > 0) found = found.slice(0, flags.number('limit'));
	for (const { key: name, object, resource } of found) {
		if (!flags.on('print-value-only')) call.out(`${name}\n`);
		if (flags.on('keys-only')) call.out('\n');
		else if (object && resource?.custom) call.out(`${JSON.stringify(object)}\n`);
		else
			return `the value is protobuf of the API server (k8s\\x00…), whose octets the simulator does not have; kubectl get -o yaml shows the object${resource ? ` (${resource.plural})` : ''}`;
	}
	return 0;
}
