/** The Linux tools of every place: the machine's own view of what the simulator does. */

import type { Tool } from '../tool.ts';
import { apt } from './apt.ts';
import { bpftool } from './bpftool.ts';
import { bridge } from './bridge.ts';
import { conntrack } from './conntrack.ts';
import { curl } from './curl.ts';
import { daemonTools } from './daemons.ts';
import { dnsTools } from './dig.ts';
import { ethtool } from './ethtool.ts';
import { getent } from './getent.ts';
import { ip } from './ip/index.ts';
import { iptablesTools } from './iptables/index.ts';
import { killall, pkill } from './kill.ts';
import { machineTools } from './machine.ts';
import { nc } from './nc.ts';
import { netTools } from './nettools.ts';
import { nginx } from './nginx.ts';
import { nsenter } from './nsenter.ts';
import { nstat } from './nstat.ts';
import { perl } from './perl.ts';
import { ping } from './ping.ts';
import { processTools } from './ps.ts';
import { socketsTools } from './sockets-tools.ts';
import { ss } from './ss.ts';
import { stress } from './stress.ts';
import { sysctl } from './sysctl.ts';
import { tc } from './tc.ts';
import { tcpdump } from './tcpdump/index.ts';
import { traceTools } from './trace.ts';
import { unmodelledTools } from './unmodelled.ts';
import { wget } from './wget.ts';

export const tools: readonly Tool[] = [
	ip,
	...netTools,
	bridge,
	ss,
	tc,
	sysctl,
	...iptablesTools,
	conntrack,
	getent,
	bpftool,
	curl,
	wget,
	ping,
	...traceTools,
	...dnsTools,
	nc,
	tcpdump,
	nsenter,
	nstat,
	...machineTools,
	...daemonTools,
	...processTools,
	pkill,
	stress,
	perl,
	killall,
	...socketsTools,
	ethtool,
	apt,
	nginx,
	...unmodelledTools,
];
/** What a cluster sends by itself, while somebody looks. */
export { catchUp, healthInterval, hello, nextDue } from './idle.ts';
export { processesAt } from './processes.ts';
export { type Space, spaceAt, spaceOf } from './space.ts';
export { linuxSurroundings } from './surroundings.ts';
/** Frames and decisions of whatever tools send, as they happen: what `cilium monitor` and `hubble observe` listen to. */
export {
	listenIn,
	octetsOf,
	type SendOptions,
	type Sent,
	send,
	type Tap,
	type Watcher,
	watchTraffic,
} from './traffic.ts';
export { nanoTime, timeOfDay } from './words.ts';
