/**
 * The clock the programs read (bpf_mono_now): seconds since the node booted, or, where the agent probed for it,
 * jiffies divided by 256. bpf/lib/{mono,time}.h @ v1.12.1; pkg/datapath/linux/probes.
 */

export interface BpfClock {
	readonly source: 'ktime' | 'jiffies';
	/** CONFIG_HZ of the kernel. */
	readonly hz: number;
}

/** How long nodes have been up when a World begins, microseconds: a day, so that times look like a running node's. */
export const UPTIME = 86_400_000_000;

/** jiffies_64 at boot: INITIAL_JIFFIES is five minutes before a 32-bit counter wraps (include/linux/jiffies.h). */
const initialJiffies = (hz: number): number => 2 ** 32 - 300 * hz;

/** bpf_mono_now() at `now` (virtual microseconds). */
export const monoNow = (clock: BpfClock, now: number): number => {
	const up = now + UPTIME;
	return clock.source === 'ktime'
		? Math.floor(up / 1_000_000)
		: Math.floor((initialJiffies(clock.hz) + Math.floor((up * clock.hz) / 1_000_000)) / 256);
};

/** bpf_sec_to_mono(): an interval in the clock's units. */
export const secToMono = (clock: BpfClock, seconds: number): number =>
	clock.source === 'ktime' ? seconds : Math.floor((seconds * clock.hz) / 256);

/** Seconds of an interval in the clock's units, as the agent's tools count them back. */
export const monoToSec = (clock: BpfClock, units: number): number =>
	clock.source === 'ktime' ? units : Math.floor((units * 256) / clock.hz);
