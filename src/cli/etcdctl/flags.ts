/** etcdctl's flags for all commands, and the environment's variables in their place (ctlv3/command/global.go @ v3.5.3). */
import type { Flag, Run } from '../cobra/index.ts';
import type { Access } from './members.ts';

export const GLOBAL: readonly Flag[] = [
	{ name: 'cacert', type: 'string', usage: 'verify certificates of TLS-enabled secure servers using this CA bundle' },
	{ name: 'cert', type: 'string', usage: 'identify secure client using this TLS certificate file' },
	{ name: 'key', type: 'string', usage: 'identify secure client using this TLS key file' },
	{
		name: 'command-timeout',
		type: 'duration',
		default: '5s',
		usage: 'timeout for short running command (excluding dial timeout)',
	},
	{ name: 'dial-timeout', type: 'duration', default: '2s', usage: 'dial timeout for client connections' },
	{ name: 'endpoints', type: 'strings', default: '127.0.0.1:2379', usage: 'gRPC endpoints' },
	{ name: 'hex', type: 'bool', usage: 'print byte strings as hex encoded strings' },
	{
		name: 'insecure-skip-tls-verify',
		type: 'bool',
		usage: 'skip server certificate verification (CAUTION: this option should be enabled only for testing purposes)',
	},
	{
		name: 'insecure-transport',
		type: 'bool',
		default: 'true',
		usage: 'disable transport security for client connections',
	},
	{
		name: 'user',
		type: 'string',
		usage: 'username[:password] for authentication (prompt if password is not supplied)',
	},
	{
		name: 'write-out',
		short: 'w',
		type: 'string',
		default: 'simple',
		usage: 'set the output format (fields, json, protobuf, simple, table)',
	},
];

/** A flag, or the environment's `ETCDCTL_…` in its place (pkg/flags SetPflagsFromEnv). */
const given = ({ call, flags }: Run, name: string): string =>
	flags.given(name)
		? flags.text(name)
		: (call.env.get(`ETCDCTL_${name.toUpperCase().replaceAll('-', '_')}`) ?? flags.text(name));

export const accessOf = (run: Run): Access => ({
	cacert: given(run, 'cacert'),
	cert: given(run, 'cert'),
	key: given(run, 'key'),
	insecure: run.flags.on('insecure-skip-tls-verify') || given(run, 'insecure-skip-tls-verify') === 'true',
	timeout: run.flags.duration('command-timeout'),
});

export const endpointsOf = (run: Run): readonly string[] =>
	run.flags.given('endpoints')
		? run.flags.list('endpoints')
		: (run.call.env.get('ETCDCTL_ENDPOINTS') ?? '127.0.0.1:2379').split(',');

/** What of the format is written here; the others are said not to be. */
export function format(run: Run, ...known: readonly string[]): string | undefined {
	const asked = run.flags.text('write-out');
	return known.includes(asked)
		? undefined
		: `unsupported output format ${JSON.stringify(asked)} of this command in the simulator: ${known.join(', ')}`;
}
