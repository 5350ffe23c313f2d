/** The Linux tools of every place: the machine's own view of what the simulator does. */
import type { Tool } from '../tool.ts';
import { bridge } from './bridge.ts';
import { conntrack } from './conntrack.ts';
import { curl } from './curl.ts';
import { ip } from './ip/index.ts';
import { iptablesTools } from './iptables/index.ts';
import { netTools } from './nettools.ts';
import { nsenter } from './nsenter.ts';
import { ping } from './ping.ts';
import { ss } from './ss.ts';
import { sysctl } from './sysctl.ts';
import { tc } from './tc.ts';
import { tcpdump } from './tcpdump/index.ts';

export const tools: readonly Tool[] = [
	ip,
	...netTools,
	bridge,
	ss,
	tc,
	sysctl,
	...iptablesTools,
	conntrack,
	curl,
	ping,
	nsenter,
	tcpdump,
];
export { linuxSurroundings } from './surroundings.ts';
