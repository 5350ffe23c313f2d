import type { ConnectProgram } from '../linux/index.ts';
import { runSock, type SockConfig } from './programs/sock.ts';

/** The programs of a cgroup, in the order they are attached (pkg/socketlb @ v1.18.0, bpf/init.sh @ v1.12.1). */
export const sockPrograms = (config: SockConfig): readonly ConnectProgram[] => {
	const { features } = config.node.maps;
	const one = (name: string, hook: ConnectProgram['hook']): ConnectProgram => ({
		name,
		hook,
		run: (address) => runSock(config, name, address),
	});
	const prefix = `${features.programNames === 'section' ? '' : 'cil_'}sock4_`;
	return [
		one(`${prefix}connect`, 'connect4'),
		one(`${prefix}sendmsg`, 'sendmsg4'),
		one(`${prefix}recvmsg`, 'recvmsg4'),
		one(`${prefix}getpeername`, 'getpeername4'),
		...(config.bindProtection ? [one(`${prefix}post_bind`, 'post_bind4')] : []),
		...(features.sockRelease ? [one('cil_sock_release', 'sock_release')] : []),
	];
};
