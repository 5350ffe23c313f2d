/**
 * Who is known in an image: its /etc/passwd and /etc/group.
 *
 * Source: base-passwd's passwd.master and group.master (Debian 11 and 12), alpine-baselayout's (3.16), buildroot's
 * system/skeleton/etc, which docker-library/busybox takes.
 */
import type { ImageFacts } from './image-facts.ts';

const DEBIAN = `root 0 0 root /root /bin/bash
daemon 1 1 daemon /usr/sbin
bin 2 2 bin /bin
sys 3 3 sys /dev
sync 4 65534 sync /bin /bin/sync
games 5 60 games /usr/games
man 6 12 man /var/cache/man
lp 7 7 lp /var/spool/lpd
mail 8 8 mail /var/mail
news 9 9 news /var/spool/news
uucp 10 10 uucp /var/spool/uucp
proxy 13 13 proxy /bin
www-data 33 33 www-data /var/www
backup 34 34 backup /var/backups
list 38 38 Mailing_List_Manager /var/list
irc 39 39 ircd /run/ircd`;
const GNATS = 'gnats 41 41 Gnats_Bug-Reporting_System_(admin) /var/lib/gnats';

const ALPINE = `root 0 0 root /root /bin/ash
bin 1 1 bin /bin
daemon 2 2 daemon /sbin
adm 3 4 adm /var/adm
lp 4 7 lp /var/spool/lpd
sync 5 0 sync /sbin /bin/sync
shutdown 6 0 shutdown /sbin /sbin/shutdown
halt 7 0 halt /sbin /sbin/halt
mail 8 12 mail /var/mail
news 9 13 news /usr/lib/news
uucp 10 14 uucp /var/spool/uucppublic
operator 11 0 operator /root
man 13 15 man /usr/man
postmaster 14 12 postmaster /var/mail
cron 16 16 cron /var/spool/cron
ftp 21 21 - /var/lib/ftp
sshd 22 22 sshd /dev/null
at 25 25 at /var/spool/cron/atjobs
squid 31 31 Squid /var/cache/squid
xfs 33 33 X_Font_Server /etc/X11/fs
games 35 35 games /usr/games
cyrus 85 12 - /usr/cyrus
vpopmail 89 89 - /var/vpopmail
ntp 123 123 NTP /var/empty
smmsp 209 209 smmsp /var/spool/mqueue
guest 405 100 guest /dev/null
nobody 65534 65534 nobody /`;

const BUSYBOX = `root 0 0 root /root /bin/sh
daemon 1 1 daemon /usr/sbin
bin 2 2 bin /bin
sys 3 3 sys /dev
sync 4 100 sync /bin /bin/sync
mail 8 8 mail /var/spool/mail
www-data 33 33 www-data /var/www
operator 37 37 Operator /var
nobody 65534 65534 nobody /home`;

const DEBIAN_GROUPS =
	'root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 fax:21 voice:22 cdrom:24 floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40 shadow:42 utmp:43 video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534';
const BUSYBOX_GROUPS =
	'root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 kmem:9 wheel:10:root cdrom:11 dialout:18 floppy:19 video:28 audio:29 tape:32 www-data:33 operator:37 utmp:43 plugdev:46 staff:50 lock:54 netdev:82 users:100 nobody:65534';
const ALPINE_GROUPS =
	'root:0:root bin:1:root,bin,daemon daemon:2:root,bin,daemon sys:3:root,bin,adm adm:4:root,adm,daemon tty:5 disk:6:root,adm lp:7:lp mem:8 kmem:9 wheel:10:root floppy:11:root mail:12:mail news:13:news uucp:14:uucp man:15:man cron:16:cron console:17 audio:18 cdrom:19 dialout:20:root ftp:21 sshd:22 input:23 at:25:at tape:26:root video:27:root netdev:28 readproc:30 squid:31:squid xfs:33:xfs kvm:34:kvm games:35 shadow:42 cdrw:80 www-data:82 usb:85 vpopmail:89 users:100:games ntp:123 nofiles:200 smmsp:209:smmsp locate:245 abuild:300 utmp:406 ping:999 nogroup:65533 nobody:65534';

/** Groups that name root as a member, of images' systems: the runtime gives them to its processes. */
export const ROOT_GROUPS: Readonly<Partial<Record<ImageFacts['system'], readonly number[]>>> = {
	alpine: [1, 2, 3, 4, 6, 10, 11, 20, 26, 27],
	busybox: [10],
};

const NOLOGIN = {
	alpine: '/sbin/nologin',
	busybox: '/bin/false',
	debian: '/usr/sbin/nologin',
	ubuntu: '/usr/sbin/nologin',
};

interface User {
	readonly name: string;
	readonly uid: number;
	readonly gid: number;
}

/** A user an image made for its program, as the image's build wrote it. */
const ownLine = ({ name, uid, gid }: User, system: keyof typeof NOLOGIN, release: string): string => {
	if (name === 'nginx' && system !== 'alpine')
		return `nginx:x:${uid}:${gid}:nginx user${release === '12' ? '' : ',,,'}:/nonexistent:/bin/false\n`;
	if (name === 'nginx') return `nginx:x:${uid}:${gid}:nginx:/var/cache/nginx:/sbin/nologin\n`;
	return `${name}:x:${uid}:${gid}:${name}:/nonexistent:${NOLOGIN[system]}\n`;
};

/** `release`: of the image's system, `11`. `own`: whom the image's build added. */
export function usersOf(
	system: Exclude<ImageFacts['system'], 'none'>,
	release: string,
	own: readonly User[],
): { readonly passwd: string; readonly group: string } {
	const line = (row: string): string => {
		const [name, uid, gid, gecos, home, shell = NOLOGIN[system]] = row.split(' ');
		return `${name}:x:${uid}:${gid}:${gecos === '-' ? '' : gecos!.replaceAll('_', ' ')}:${home}:${shell}\n`;
	};
	const lines = (text: string): string => text.split('\n').map(line).join('');
	const nobody = line('nobody 65534 65534 nobody /nonexistent');
	const older = release !== '12' && release !== '13';
	const apt = (uid: number): string => `_apt:x:${uid}:65534::/nonexistent:/usr/sbin/nologin\n`;
	const base =
		system === 'busybox'
			? lines(BUSYBOX)
			: system === 'alpine'
				? lines(ALPINE)
				: lines(DEBIAN) + (older ? line(GNATS) + nobody + apt(100) : apt(42) + nobody);
	const groups = (text: string): string =>
		text
			.split(' ')
			.map((entry) => {
				const [name, gid, members = ''] = entry.split(':');
				return `${name}:x:${gid}:${members}\n`;
			})
			.join('');
	const ownGroups = own.map(({ name, gid }) => `${name}:x:${gid}:\n`).join('');
	const debian = older ? DEBIAN_GROUPS.replace(' shadow', ' gnats:41 shadow') : DEBIAN_GROUPS;
	const group = groups(system === 'busybox' ? BUSYBOX_GROUPS : system === 'alpine' ? ALPINE_GROUPS : debian);
	return { passwd: base + own.map((user) => ownLine(user, system, release)).join(''), group: group + ownGroups };
}
