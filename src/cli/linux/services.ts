/**
 * Names of ports, as getservbyport(3) and getservbyname(3) have them of /etc/services: Debian's netbase 6.4, which the
 * package iptables brings along. `name|alias port`, of TCP where no letter says otherwise (t, u, s).
 */
const SERVICES =
	'tcpmux 1,echo 7tu,discard|sink|null 9tu,systat|users 11,daytime 13tu,netstat 15,qotd|quote 17,' +
	'chargen|ttytst|source 19tu,ftp-data 20,ftp 21,fsp|fspd 21u,ssh 22,telnet 23,smtp|mail 25,' +
	'time|timserver 37tu,whois|nicname 43,tacacs 49tu,domain 53tu,bootps 67u,bootpc 68u,tftp 69u,' +
	'gopher 70,finger 79,http|www 80,kerberos|kerberos5|krb5|kerberos-sec 88tu,iso-tsap|tsap 102,' +
	'acr-nema|dicom 104,pop3|pop-3 110,sunrpc|portmapper 111tu,auth|authentication|tap|ident 113,' +
	'nntp|readnews|untp 119,ntp 123u,epmap|loc-srv 135,netbios-ns 137u,netbios-dgm 138u,netbios-ssn 139,' +
	'imap2|imap 143,snmp 161tu,snmp-trap|snmptrap 162tu,cmip-man 163tu,cmip-agent 164tu,mailq 174,' +
	'xdmcp 177u,bgp 179,smux 199,qmtp 209,z3950|wais 210,ipx 213u,ptp-event 319u,ptp-general 320u,' +
	'pawserv 345,zserv 346,rpc2portmap 369tu,codaauth2 370tu,clearcase|Clearcase 371u,ldap 389tu,' +
	'svrloc 427tu,https 443tu,snpp 444,microsoft-ds 445,kpasswd 464tu,submissions|ssmtp|smtps|urd 465,' +
	'saft 487,isakmp 500u,rtsp 554tu,nqs 607,asf-rmcp 623u,qmqp 628,ipp 631,ldp 646tu,exec 512,' +
	'biff|comsat 512u,login 513,who|whod 513u,shell|cmd|syslog 514,syslog 514u,printer|spooler 515,' +
	'talk 517u,ntalk 518u,route|router|routed 520u,gdomap 538tu,uucp|uucpd 540,klogin 543,' +
	'kshell|krcmd 544,dhcpv6-client 546u,dhcpv6-server 547u,afpovertcp 548,nntps|snntp 563,submission 587,' +
	'ldaps 636tu,tinc 655tu,silc 706,kerberos-adm 749,domain-s 853tu,rsync 873,ftps-data 989,ftps 990,' +
	'telnets 992,imaps 993,pop3s 995,socks 1080,proofd 1093,rootd 1094,openvpn 1194tu,rmiregistry 1099,' +
	'lotusnote|lotusnotes 1352,ms-sql-s 1433,ms-sql-m 1434u,ingreslock 1524,datametrics|old-radius 1645tu,' +
	'sa-msg-port|old-radacct 1646tu,kermit 1649,groupwise 1677,l2f|l2tp 1701u,radius 1812tu,' +
	'radius-acct|radacct 1813tu,cisco-sccp 2000,nfs 2049tu,gnunet 2086tu,rtcm-sc104 2101tu,' +
	'gsigatekeeper 2119,gris 2135,cvspserver 2401,venus 2430tu,venus-se 2431tu,codasrv 2432tu,' +
	'codasrv-se 2433tu,mon 2583tu,dict 2628,f5-globalsite 2792,gsiftp 2811,gpsd 2947,gds-db|gds_db 3050,' +
	'icpv2|icp 3130u,isns 3205tu,iscsi-target 3260,mysql 3306,ms-wbt-server 3389,nut 3493tu,distcc 3632,' +
	'daap 3689,svn|subversion 3690,suucp 4031,sysrqd 4094,sieve 4190,epmd 4369,remctl 4373,f5-iquery 4353,' +
	'ntske 4460,ipsec-nat-t 4500u,iax 4569u,mtn 4691,radmin-port 4899,sip 5060tu,sip-tls 5061tu,' +
	'xmpp-client|jabber-client 5222,xmpp-server|jabber-server 5269,cfengine 5308,mdns 5353u,' +
	'postgresql|postgres 5432,freeciv|rptp 5556,amqps 5671,amqp 5672ts,x11|x11-0 6000,x11-1 6001,' +
	'x11-2 6002,x11-3 6003,x11-4 6004,x11-5 6005,x11-6 6006,x11-7 6007,gnutella-svc 6346tu,' +
	'gnutella-rtr 6347tu,redis 6379,sge-qmaster|sge_qmaster 6444,sge-execd|sge_execd 6445,' +
	'mysql-proxy 6446,babel 6696u,ircs-u 6697,bbs 7000,afs3-fileserver 7000u,afs3-callback 7001u,' +
	'afs3-prserver 7002u,afs3-vlserver 7003u,afs3-kaserver 7004u,afs3-volser 7005u,afs3-bos 7007u,' +
	'afs3-update 7008u,afs3-rmtsys 7009u,font-service|xfs 7100,http-alt|webcache 8080,puppet 8140,' +
	'bacula-dir 9101,bacula-fd 9102,bacula-sd 9103,xmms2 9667,nbd 10809,zabbix-agent 10050,' +
	'zabbix-trapper 10051,amanda 10080,dicom 11112,hkp 11371,db-lsp 17500,dcap 22125,gsidcap 22128,' +
	'wnn6 22273,kerberos4|kerberos-iv|kdc 750ut,kerberos-master|kerberos_master 751ut,' +
	'passwd-server|passwd_server 752u,krb-prop|krb_prop|krb5_prop|hprop 754,zephyr-srv 2102u,' +
	'zephyr-clt 2103u,zephyr-hm 2104u,iprop 2121,supfilesrv 871,supfiledbg 1127,poppassd 106,' +
	'moira-db|moira_db 775,moira-update|moira_update 777,moira-ureg|moira_ureg 779u,spamd 783,' +
	'skkserv 1178,predict 1210u,rmtcfg 1236,xtel 1313,xtelw 1314,zebrasrv 2600,zebra 2601,ripd 2602,' +
	'ripngd 2603,ospfd 2604,bgpd 2605,ospf6d 2606,ospfapi 2607,isisd 2608,fax 4557,hylafax 4559,' +
	'munin|lrrd 4949,rplay 5555u,nrpe 5666,nsca 5667,canna 5680,syslog-tls 6514,sane-port|sane|saned 6566,' +
	'ircd 6667,zope-ftp 8021,tproxy 8081,omniorb 8088,clc-build-daemon 8990,xinetd 9098,git 9418,' +
	'zope 9673,webmin 10000,kamanda 10081,amandaidx 10082,amidxtape 10083,sgi-cmsd 17001u,sgi-crsd 17002u,' +
	'sgi-gcd 17003u,sgi-cad 17004,binkp 24554,asp 27374tu,csync2 30865,dircproxy 57000,tfido 60177,' +
	'fido 60179';

interface Known {
	readonly names: ReadonlyMap<string, number>;
	readonly ports: ReadonlyMap<string, string>;
}

let known: Known | undefined;

function all(): Known {
	if (known) return known;
	const names = new Map<string, number>();
	const ports = new Map<string, string>();
	for (const one of SERVICES.split(',')) {
		const [, words = '', port = '', letters = ''] = /^(\S+) (\d+)([tus]*)$/.exec(one)!;
		for (const letter of letters || 't') {
			const protocol = { t: 'tcp', u: 'udp', s: 'sctp' }[letter]!;
			for (const word of words.split('|'))
				if (!names.has(`${word}/${protocol}`)) names.set(`${word}/${protocol}`, Number(port));
			const key = `${port}/${protocol}`;
			if (!ports.has(key)) ports.set(key, words.split('|')[0]!);
		}
	}
	known = { names, ports };
	return known;
}

/** What a port is called; undefined where it has no name. */
export const serviceName = (port: number, protocol: string): string | undefined =>
	all().ports.get(`${port}/${protocol}`);

/** The port of a name. */
export const servicePort = (name: string, protocol: string): number | undefined =>
	all().names.get(`${name}/${protocol}`);
