/** Ports of a container as the command line has them (docker/go-connections nat/nat.go, cli/command/container/opts.go @ v20.10). */
import { type Container, isAddress, type Lab } from '../../sim/lab/index.ts';

/** `8080:80`, `127.0.0.1:8080:80/udp`, `80`. */
export function published(text: string, lab: Lab): Container['ports'][number] | string {
	const [, mapping = '', protocol = 'tcp'] = /^(.*?)(?:\/(.*))?$/s.exec(text)!;
	const parts = mapping.split(':');
	const port = parts.pop()!;
	const hostPort = parts.pop() ?? '';
	const hostIp = parts.join(':').replace(/^\[(.*)\]$/, '$1');
	if (hostIp !== '' && !isAddress(hostIp)) return `Invalid ip address: ${hostIp}`;
	if (port === '') return `No port specified: ${text}<empty>`;
	if (!isPort(port)) return `Invalid containerPort: ${port}`;
	if (hostPort !== '' && !isPort(hostPort)) return `Invalid hostPort: ${hostPort}`;
	if (!['tcp', 'udp', 'sctp'].includes(protocol.toLowerCase())) return `Invalid proto: ${protocol}`;
	return {
		hostIp: hostIp || '0.0.0.0',
		hostPort: hostPort ? Number(hostPort) : 49_153 + lab.random('published', `${text} ${lab.now}`, 5000),
		containerPort: Number(port),
		protocol: protocol.toLowerCase() as 'tcp' | 'udp' | 'sctp',
	};
}

export const isPort = (text: string): boolean => /^\d+$/.test(text) && Number(text) <= 65535;
