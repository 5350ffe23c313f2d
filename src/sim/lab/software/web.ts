/** Web servers whose images log to their standard output: nginx and httpd. What they do is in `containers`. */
import { peoplesContainers } from '../containers/later.ts';
import type { Program } from './program.ts';
import { server } from './servers.ts';

function web(kind: 'nginx' | 'httpd', argv: readonly string[], names: readonly string[], port = 80): Program {
	const base = server([{ port, protocol: 'TCP' }], argv);
	return {
		...base,
		names,
		answers: true,
		start(context) {
			const people = peoplesContainers();
			return people ? people.startWeb(context) : base.start(context);
		},
		access: (access, at, connection) => peoplesContainers()?.webAccess(kind, access, at, connection) ?? [],
	};
}

const NGINX = ['/docker-entrypoint.sh', 'nginx', '-g', 'daemon off;'];
const NAMES = ['nginx', 'nginx-debug', 'docker-entrypoint.sh'];

export const nginx = web('nginx', NGINX, NAMES);
/** Kubernetes' nginx-slim, which has no entrypoint. */
export const nginxSlim = web('nginx', ['nginx', '-g', 'daemon off;'], ['nginx']);
export const unprivilegedNginx = web('nginx', NGINX, NAMES, 8080);
export const httpd = web('httpd', ['httpd-foreground'], ['httpd', 'httpd-foreground']);
