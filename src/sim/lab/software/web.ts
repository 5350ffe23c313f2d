/** Web servers whose images log to their standard output: nginx and httpd. */
import { formatMicroTime } from '../../api/index.ts';
import { type Node, one } from '../cluster/kinds.ts';
import { SECOND } from '../time.ts';
import type { HttpAccess } from '../types.ts';
import type { Program, ProgramContext } from './program.ts';
import { server } from './servers.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];

/** Microseconds since 1970 in the words of the two servers; containers are in UTC. */
function clock(at: number): { readonly access: string; readonly nginx: string; readonly httpd: string } {
	const seconds = Math.floor(at / SECOND);
	const [date = '', rest = ''] = formatMicroTime(seconds, at % SECOND).split('T');
	const [year, month = '', day] = date.split('-');
	const name = MONTHS[Number(month) - 1];
	const time = rest.slice(0, 8);
	return {
		access: `${day}/${name}/${year}:${time} +0000`,
		nginx: `${year}/${month}/${day} ${time}`,
		httpd: `${DAYS[Math.floor(seconds / 86_400) % 7]} ${name} ${day} ${rest.slice(0, 15)} ${year}`,
	};
}

const wallClock = ({ cluster }: ProgramContext): number => cluster.timeline.epoch * SECOND + cluster.timeline.now;

/** The first worker's process id, as after the entrypoint's scripts. */
const WORKER = 29;

/** docker-entrypoint.sh and docker-entrypoint.d (nginxinc/docker-nginx @ 1.23.1), then nginx's own notices. */
function nginxStarts(context: ProgramContext): void {
	const { argv, cluster, machine, container, log } = context;
	const script = '/docker-entrypoint.sh';
	const listen = '10-listen-on-ipv6-by-default.sh';
	if (argv[0] === script && /^nginx(?:-debug)?$/.test(argv[1] ?? '')) {
		log(`${script}: /docker-entrypoint.d/ is not empty, will attempt to perform configuration`);
		log(`${script}: Looking for shell scripts in /docker-entrypoint.d/`);
		log(`${script}: Launching /docker-entrypoint.d/${listen}`);
		log(`${listen}: info: Getting the checksum of /etc/nginx/conf.d/default.conf`);
		log(`${listen}: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf`);
		log(`${script}: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh`);
		log(`${script}: Launching /docker-entrypoint.d/30-tune-worker-processes.sh`);
		log(`${script}: Configuration complete; ready for start up`);
	}
	const built = /alpine/.test(container.image)
		? '11.2.1 20220219 (Alpine 11.2.1_git20220219) '
		: '10.2.1 20210110 (Debian 10.2.1-6) ';
	const node = one<Node & { readonly status?: { readonly capacity?: { readonly cpu?: string } } }>(
		cluster.api,
		'nodes',
		'',
		machine.name,
	);
	// `worker_processes auto` of the image's nginx.conf.
	const workers = Number(node?.status?.capacity?.cpu ?? 1);
	for (const text of [
		'using the "epoll" event method',
		'nginx/1.23.1',
		`built by gcc ${built}`,
		`OS: Linux ${cluster.kernel}`,
		'getrlimit(RLIMIT_NOFILE): 1048576:1048576',
		'start worker processes',
		...Array.from({ length: workers }, (_, i) => `start worker process ${WORKER + i}`),
	])
		log(`${clock(wallClock(context)).nginx} [notice] 1#1: ${text}`);
}

/** `log_format main` of the image's nginx.conf; before it, of a file that is not there, what error_log gets. */
function nginxAccess(access: HttpAccess, at: number, connection: number): readonly string[] {
	const { client, method, target, version, host, referer, agent, forwarded, status, length } = access;
	const time = clock(at);
	const request = `${method} ${target} ${version}`;
	const missing =
		status === 404
			? [
					`${time.nginx} [error] ${WORKER}#${WORKER}: *${connection} open() "/usr/share/nginx/html${target.replace(/\?.*/, '')}" failed (2: No such file or directory), client: ${client}, server: localhost, request: "${request}"${host === undefined ? '' : `, host: "${host}"`}`,
				]
			: [];
	return [
		...missing,
		`${client} - - [${time.access}] "${request}" ${status} ${length} "${referer ?? '-'}" "${agent ?? '-'}" "${forwarded ?? '-'}"`,
	];
}

/** server/main.c, server/mpm/event @ 2.4.54. */
function httpdStarts(context: ProgramContext): void {
	const { log, pod } = context;
	const ip = pod.status?.podIP ?? '127.0.0.1';
	const unnamed = `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${ip}. Set the 'ServerName' directive globally to suppress this message`;
	log(unnamed);
	log(unnamed);
	const stamp = `[${clock(wallClock(context)).httpd}]`;
	const process = `[pid 1:tid ${140_000_000_000_000 + context.between(0, 99_999_999_999, 'thread') * 64}]`;
	log(`${stamp} [mpm_event:notice] ${process} AH00489: Apache/2.4.54 (Unix) configured -- resuming normal operations`);
	log(`${stamp} [core:notice] ${process} AH00094: Command line: 'httpd -D FOREGROUND'`);
}

/** `LogFormat … common` of the image's httpd.conf. */
const httpdAccess = (
	{ client, method, target, version, status, length }: HttpAccess,
	at: number,
): readonly string[] => [
	`${client} - - [${clock(at).access}] "${method} ${target} ${version}" ${status} ${length === 0 ? '-' : length}`,
];

function web(
	argv: readonly string[],
	starts: (context: ProgramContext) => void,
	rest: Required<Pick<Program, 'access' | 'page'>>,
): Program {
	const base = server([{ port: 80, protocol: 'TCP' }], argv);
	return {
		...base,
		...rest,
		start(context) {
			starts(context);
			return base.start(context);
		},
	};
}

const bare = (path: string): string => path.replace(/\?.*/, '');

export const nginx = web(['/docker-entrypoint.sh', 'nginx', '-g', 'daemon off;'], nginxStarts, {
	access: nginxAccess,
	page: (path) =>
		/^\/(?:index\.html)?$/.test(bare(path)) ? { status: 200, length: 615 } : { status: 404, length: 153 },
});

export const httpd = web(['httpd-foreground'], httpdStarts, {
	access: httpdAccess,
	page: (path) => (bare(path) === '/' ? { status: 200, length: 45 } : { status: 404, length: 196 }),
});
