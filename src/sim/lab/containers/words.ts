/** What nginx and httpd write: their starts, the requests they answered, and why they gave up. */
import { formatMicroTime } from '../../api/index.ts';
import { type Node, one } from '../cluster/kinds.ts';
import type { ProgramContext } from '../software/program.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { HttpAccess } from '../types.ts';
import { imageFacts, isNginxSlim } from './image-facts.ts';
import { allLeave, type NginxLine, nginxLine, nginxProcesses } from './nginx/processes.ts';
import { DEFAULT_CONF } from './pages.ts';
import { beginWeb } from './serving.ts';
import { type ContainerState, containerState } from './states.ts';
import { passedOver, serverOf } from './web.ts';

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

/** What the compiler was that built nginx for a system. */
function compiler(image: string): string {
	const { system, version = '' } = imageFacts(image);
	const minor = Number(version.split('.')[1]);
	if (system === 'alpine')
		return minor >= 25
			? '12.2.1 20220924 (Alpine 12.2.1_git20220924-r10) '
			: '11.2.1 20220219 (Alpine 11.2.1_git20220219) ';
	if (minor >= 29) return '14.2.0 (Debian 14.2.0-19) ';
	if (minor >= 25) return '12.2.0 (Debian 12.2.0-14) ';
	return minor >= 21 ? '10.2.1 20210110 (Debian 10.2.1-6) ' : '8.3.0 (Debian 8.3.0-6) ';
}

/** docker-entrypoint.sh and docker-entrypoint.d of nginxinc/docker-nginx, by the version they came with. */
function entrypoint(context: ProgramContext, state: ContainerState): void {
	const { argv, log } = context;
	const { disk, spec } = state;
	const script = '/docker-entrypoint.sh';
	const [, minor = '0', patch = '0'] = (imageFacts(spec.image).version ?? '').split('.');
	if (argv[0] !== script || !/^nginx(?:-debug)?$/.test(argv[1] ?? '') || Number(minor) < 19) return;
	log(`${script}: /docker-entrypoint.d/ is not empty, will attempt to perform configuration`);
	log(`${script}: Looking for shell scripts in /docker-entrypoint.d/`);
	const listen = '10-listen-on-ipv6-by-default.sh';
	log(`${script}: Launching /docker-entrypoint.d/${listen}`);
	const conf = '/etc/nginx/conf.d/default.conf';
	const text = disk.read(conf);
	if (text === undefined) log(`${listen}: info: ${conf} is not a file or does not exist`);
	else if (disk.write(conf, text) !== undefined)
		log(`${listen}: info: can not modify ${conf} (read-only file system?)`);
	else if (/listen {2}\[::\]:80;/.test(text)) log(`${listen}: info: IPv6 listen already enabled`);
	else {
		log(`${listen}: info: Getting the checksum of ${conf}`);
		const own = DEFAULT_CONF(/unprivileged/.test(spec.image) ? 8080 : 80);
		if (text !== own) log(`${listen}: info: ${conf} differs from the packaged version`);
		else {
			disk.write(conf, text.replace(/(listen {7})(\d+);/, '$1$2;\n    listen  [::]:$2;'));
			log(`${listen}: info: Enabled listen on IPv6 in ${conf}`);
		}
	}
	const newer = Number(minor) > 23 || (minor === '23' && Number(patch) >= 3);
	if (newer) log(`${script}: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh`);
	log(`${script}: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh`);
	log(`${script}: Launching /docker-entrypoint.d/30-tune-worker-processes.sh`);
	log(`${script}: Configuration complete; ready for start up`);
}

function notices(context: ProgramContext, state: ContainerState): void {
	const { cluster, machine, container, log } = context;
	const { version = '' } = imageFacts(container.image);
	const node = one<Node & { readonly status?: { readonly capacity?: { readonly cpu?: string } } }>(
		cluster.api,
		'nodes',
		'',
		machine.name,
	);
	const processes = nginxProcesses(state, cluster.timeline.now + 60_000, Number(node?.status?.capacity?.cpu ?? 1));
	const say = (line: NginxLine): void => {
		if (saysNotices(state)) log(nginxLine(clock(wallClock(context)).nginx, line));
	};
	for (const text of [
		'using the "epoll" event method',
		`nginx/${version}`,
		`built by gcc ${compiler(container.image)}`,
		`OS: Linux ${cluster.kernel}`,
		'getrlimit(RLIMIT_NOFILE): 1048576:1048576',
		'start worker processes',
		...processes.workers.map(({ pid }) => `start worker process ${pid}`),
	])
		say({ pid: processes.master, text });
	// From outside of its process namespace the signal has no sender's number.
	let told = false;
	context.onTerm(() => {
		if (told) return 0;
		told = true;
		const [number, name, does] = isNginxSlim(imageFacts(container.image).repository)
			? [15, 'SIGTERM', 'exiting']
			: [3, 'SIGQUIT', 'shutting down'];
		say({ pid: processes.master, text: `signal ${number} (${name}) received, ${does}` });
		for (const line of allLeave(processes, number === 3)) say(line);
		return 0;
	});
}

/** Whether its log has notices: those images have whose configuration says so, from 1.21 on. */
function saysNotices({ web, spec }: ContainerState): boolean {
	const level = web?.config?.main.findLast(({ name }) => name === 'error_log')?.args[1] ?? 'error';
	return ['notice', 'info', 'debug'].includes(level) && Number(imageFacts(spec.image).version?.split('.')[1]) >= 21;
}

/** server/main.c, server/mpm/event @ 2.4.54. */
function httpdStarts(context: ProgramContext): void {
	const { log, pod, container } = context;
	const ip = pod.status?.podIP ?? '127.0.0.1';
	const unnamed = `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${ip}. Set the 'ServerName' directive globally to suppress this message`;
	log(unnamed);
	log(unnamed);
	const stamp = `[${clock(wallClock(context)).httpd}]`;
	const process = `[pid 1:tid ${140_000_000_000_000 + context.between(0, 99_999_999_999, 'thread') * 64}]`;
	log(
		`${stamp} [mpm_event:notice] ${process} AH00489: Apache/${imageFacts(container.image).version} (Unix) configured -- resuming normal operations`,
	);
	log(`${stamp} [core:notice] ${process} AH00094: Command line: 'httpd -D FOREGROUND'`);
}

/** Starts the web server of a container: it listens, or it ends by the code that is answered. */
export function startWeb(context: ProgramContext): void {
	const { cluster, machine, pod, container, id, log } = context;
	const state = containerState(cluster, machine, pod, container, id);
	const kind = serverOf(container.image);
	// httpd that is asked something is no server then; its words are not in the lab (server/main.c @ 2.4.54, options).
	const asked =
		kind === 'httpd' ? (container.args ?? []).find((word) => /^(?:-[vVhlLMSt]|--version)$/.test(word)) : undefined;
	if (asked !== undefined) {
		log(`httpd: the simulator has this server, Apache/${imageFacts(container.image).version}, but not its ${asked}`);
		context.after(50 * MILLISECOND, () => context.exit(1));
		return;
	}
	if (kind === 'nginx') entrypoint(context, state);
	const begun = beginWeb(cluster, machine, state);
	const first = state.processes?.first(state.id) ?? 1;
	const lines = (begun?.lines ?? []).map((line) => line.replace(' 1#1: ', ` ${first}#${first}: `));
	for (const line of lines) {
		log(`${clock(wallClock(context)).nginx} ${line}`);
		log(`nginx: ${line.replace(/ \d+#\d+:/, '')}`);
	}
	if (begun?.code !== undefined) {
		const { code } = begun;
		context.after(60 * MILLISECOND, () => context.exit(code));
		return;
	}
	const ignored = state.web?.config?.ignored ?? [];
	if (ignored.length > 0) log(passedOver(ignored));
	if (kind === 'nginx') notices(context, state);
	else httpdStarts(context);
	context.after(context.between(50 * MILLISECOND, SECOND, 'start'), context.healthy);
}

/** What nginx's configuration says of logs; httpd's `LogFormat … common`. */
export function webAccess(
	kind: 'nginx' | 'httpd',
	access: HttpAccess,
	at: number,
	connection: number,
): readonly string[] {
	const { client, method, target, version, status, length } = access;
	const time = clock(at);
	const request = `${method} ${target} ${version}`;
	if (kind === 'httpd') return [`${client} - - [${time.access}] "${request}" ${status} ${length === 0 ? '-' : length}`];
	return access.lines?.(at, connection) ?? [];
}
