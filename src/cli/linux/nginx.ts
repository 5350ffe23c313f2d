/** nginx as a command in its containers: its version, a test of the configuration, signals to the server (src/core/nginx.c @ 1.23). */
import {
	configFiles,
	contextOf,
	dockerEntry,
	dockerHost,
	imageFacts,
	type Lab,
	nginxSays,
	passedOver,
	stateAt,
} from '../../sim/lab/index.ts';
import type { Call, Place, Tool } from '../tool.ts';
import { hasTool, imageAt } from './images.ts';
import { stamp } from './nginx-processes.ts';
import { processesAt } from './processes.ts';

const CONF = '/etc/nginx/nginx.conf';

/** What is wrong with the configuration that is there now, and its files. */
function look(
	place: Place,
	lab: Lab,
):
	| {
			readonly refused?: string;
			readonly files: ReadonlyMap<string, string>;
			readonly ignored: readonly string[];
			readonly warnings: readonly string[];
	  }
	| undefined {
	if (place.kind === 'container') {
		const container = lab.docker.find(place.id);
		if (!container) return undefined;
		const { state } = dockerEntry(lab, container);
		return { files: configFiles(state.disk), ...nginxSays(dockerHost(lab).cluster, state) };
	}
	if (place.kind !== 'pod') return undefined;
	const cluster = lab.cluster(place.cluster);
	const context = cluster && contextOf(cluster);
	const state = cluster && stateAt(cluster, place.namespace, place.pod, place.container);
	if (!context || !state) return undefined;
	return { files: configFiles(state.disk), ...nginxSays(context, state) };
}

function signal(call: Call, name: string): number {
	const { place, lab } = call;
	const found = look(place, lab);
	if (found?.refused !== undefined && name === 'reload') {
		call.err(`${stamp(lab)} [emerg] 57#57: ${found.refused}\nnginx: [emerg] ${found.refused}\n`);
		return 1;
	}
	call.err(`${stamp(lab)} [notice] 57#57: signal process started\n`);
	const master = processesAt(lab, place).find(({ comm }) => comm === 'nginx');
	master?.signal?.(SIGNALS[name as keyof typeof SIGNALS], 57);
	return 0;
}

/** src/os/unix/ngx_process.c signals[]. */
const SIGNALS = { reload: 'HUP', reopen: 'USR1', stop: 'TERM', quit: 'QUIT' } as const;

/** Options that nginx.org's packages are configured with (pkg-oss debian/rules.in @ 1.23.1). */
const MODULES =
	'http_addition_module http_auth_request_module http_dav_module http_flv_module http_gunzip_module http_gzip_static_module http_mp4_module http_random_index_module http_realip_module http_secure_link_module http_slice_module http_ssl_module http_stub_status_module http_sub_module http_v2_module mail mail_ssl_module stream stream_realip_module stream_ssl_module stream_ssl_preread_module'.split(
		' ',
	);

/** How `-V` says it was built: of the images of the lab's time, on Debian 11. */
function builtWith({ system }: ReturnType<typeof imageFacts>, version: string): string {
	if (system !== 'debian' || !/^1\.(?:22\.0|23\.[01])$/.test(version))
		return '(the simulator does not know how this nginx was built)\n';
	const cache = ['client-body=client', 'proxy=proxy', 'fastcgi=fastcgi', 'uwsgi=uwsgi', 'scgi=scgi'].map((pair) => {
		const [kind, folder] = pair.split('=');
		return `--http-${kind}-temp-path=/var/cache/nginx/${folder}_temp`;
	});
	const configured = [
		'--prefix=/etc/nginx --sbin-path=/usr/sbin/nginx --modules-path=/usr/lib/nginx/modules',
		`--conf-path=${CONF} --error-log-path=/var/log/nginx/error.log --http-log-path=/var/log/nginx/access.log`,
		'--pid-path=/var/run/nginx.pid --lock-path=/var/run/nginx.lock',
		...cache,
		'--user=nginx --group=nginx --with-compat --with-file-aio --with-threads',
		...MODULES.map((name) => `--with-${name}`),
		`--with-cc-opt='-g -O2 -ffile-prefix-map=/data/builder/debuild/nginx-${version}/debian/debuild-base/nginx-${version}=. -fstack-protector-strong -Wformat -Werror=format-security -Wp,-D_FORTIFY_SOURCE=2 -fPIC'`,
		"--with-ld-opt='-Wl,-z,relro -Wl,-z,now -Wl,--as-needed -pie'",
	];
	return `built by gcc 10.2.1 20210110 (Debian 10.2.1-6) \nbuilt with OpenSSL 1.1.1n  15 Mar 2022\nTLS SNI support enabled\nconfigure arguments: ${configured.join(' ')}\n`;
}

export const nginx: Tool = {
	name: 'nginx',
	at: hasTool('nginx'),
	async run(call) {
		const { args, lab, place } = call;
		const version = imageFacts(imageAt(place, lab) ?? '').version ?? '';
		const [flag, word] = args;
		if (flag === '-v' || flag === '-V') {
			call.err(`nginx version: nginx/${version}\n`);
			if (flag === '-V') call.err(builtWith(imageFacts(imageAt(place, lab) ?? ''), version));
			return 0;
		}
		if (flag === '-t' || flag === '-T' || flag === '-tq') {
			const found = look(place, lab);
			if (found?.refused !== undefined) {
				call.err(
					`${stamp(lab)} [emerg] 57#57: ${found.refused}\nnginx: [emerg] ${found.refused}\nnginx: configuration file ${CONF} test failed\n`,
				);
				return 1;
			}
			for (const text of found?.warnings ?? []) call.err(`nginx: ${text.replace(/ \d+#\d+:/, '')}\n`);
			if (flag !== '-tq')
				call.err(
					`nginx: the configuration file ${CONF} syntax is ok\nnginx: configuration file ${CONF} test is successful\n`,
				);
			if (found && found.ignored.length > 0) call.err(`${passedOver(found.ignored)}\n`);
			if (flag === '-T')
				for (const [path, text] of found?.files ?? []) call.out(`# configuration file ${path}:\n${text}\n`);
			return 0;
		}
		if (flag === '-s') {
			if (word === undefined) {
				call.err('nginx: option "-s" requires parameter\n');
				return 1;
			}
			if (!['stop', 'quit', 'reopen', 'reload'].includes(word)) {
				call.err(`nginx: invalid option: "-s ${word}"\n`);
				return 1;
			}
			return signal(call, word);
		}
		if (flag !== undefined && !/^-[gcpe]$/.test(flag)) {
			call.err(`nginx: invalid option: "${flag.replace(/^-/, '')}"\n`);
			return 1;
		}
		// The container's own listens already.
		const line = `${stamp(lab)} [emerg] 57#57: bind() to 0.0.0.0:80 failed (98: Address already in use)\nnginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)\n`;
		for (let i = 0; i < 5; i++) {
			call.err(line);
			await call.sleep(500_000);
		}
		call.err(`${stamp(lab)} [emerg] 57#57: still could not bind()\nnginx: [emerg] still could not bind()\n`);
		return 1;
	},
};
