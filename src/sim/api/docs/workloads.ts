/** Documentation of workloads: deployments, sets and jobs, and their status; written as in `core.ts`. */
export const WORKLOAD_DOCS = `
Condition One condition of an object.
 lastHeartbeatTime When it was looked at last.
 lastProbeTime When it was looked at last.
 lastTransitionTime When it last became what it is.
 lastUpdateTime When it was written last.
 message Why, in words.
 observedGeneration Which generation of the object this is about.
 reason Why, in one word.
 status True, False or Unknown.
 type Which condition.
ReplicaSetSpec
 minReadySeconds How long a pod must have been ready to count as available.
DeploymentStatus How far a deployment has come.
 availableReplicas Pods that have been ready for long enough.
 collisionCount How often the name of a new ReplicaSet was taken.
 conditions Available, Progressing, ReplicaFailure.
 observedGeneration Which generation the controller has seen.
 readyReplicas Pods that are ready.
 replicas Pods there are.
 unavailableReplicas Pods that are missing or not available yet.
 updatedReplicas Pods of the present template.
ReplicaSetStatus How many pods there are.
 availableReplicas Pods that have been ready for long enough.
 conditions ReplicaFailure, when pods cannot be made.
 fullyLabeledReplicas Pods that have all the template's labels.
 observedGeneration Which generation the controller has seen.
 readyReplicas Pods that are ready.
 replicas Pods there are.
DaemonSetStatus On how many nodes the pods are.
 collisionCount How often the name of a new revision was taken.
 conditions What else is known.
 currentNumberScheduled Nodes that should run the pod and do.
 desiredNumberScheduled Nodes that should run the pod.
 numberAvailable Nodes whose pod has been ready for long enough.
 numberMisscheduled Nodes that run the pod and should not.
 numberReady Nodes whose pod is ready.
 numberUnavailable Nodes whose pod is missing or not available yet.
 observedGeneration Which generation the controller has seen.
 updatedNumberScheduled Nodes whose pod has the present template.
StatefulSetSpec How many pods with names and volumes of their own.
 minReadySeconds How long a pod must have been ready to count as available.
 ordinals Which number the first pod has.
 persistentVolumeClaimRetentionPolicy What becomes of claims when pods or the set go.
 podManagementPolicy OrderedReady for one after the other, or Parallel.
 replicas How many pods; 1 when missing.
 revisionHistoryLimit How many old templates are kept.
 selector Which pods are counted; it cannot change.
 serviceName Headless service that gives the pods their names in DNS.
 template What the pods are like.
 updateStrategy How pods are replaced.
 volumeClaimTemplates Claims that each pod gets.
StatefulSetOrdinals Numbers of the pods.
 start The first number.
StatefulSetStatus How far the set has come.
 availableReplicas Pods that have been ready for long enough.
 collisionCount How often the name of a new revision was taken.
 conditions What else is known.
 currentReplicas Pods of the old template.
 currentRevision Name of the old template.
 observedGeneration Which generation the controller has seen.
 readyReplicas Pods that are ready.
 replicas Pods there are.
 updateRevision Name of the new template.
 updatedReplicas Pods of the new template.
StatefulSetPersistentVolumeClaimRetentionPolicy What becomes of claims made from templates.
 whenDeleted Once the set is deleted: Retain, or Delete.
 whenScaled Once its pod is scaled away: Retain, or Delete.
PodFailurePolicy What a failed pod means for its job.
 rules The first that fits counts; else backoffLimit does.
PodFailurePolicyRule Pods that it fits, and what comes of them.
 action FailJob, FailIndex, Ignore or Count.
 onExitCodes Exit codes it fits.
 onPodConditions Conditions of pods it fits.
PodFailurePolicyOnExitCodesRequirement Exit codes of containers.
 containerName Of this container; of any when missing.
 operator In or NotIn.
 values The codes; 0 cannot stand with In.
PodFailurePolicyOnPodConditionsPattern A condition of a pod.
 status What it has to be; True when missing.
 type Its type, such as DisruptionTarget.
JobSpec What runs to its end, how often, and what counts as failure.
 activeDeadlineSeconds After how long the job has failed, whatever it does.
 backoffLimit How many failed pods make the job fail; 6 when missing.
 backoffLimitPerIndex The same for each index of an indexed job.
 completionMode NonIndexed, or Indexed: each pod has a number.
 completions How many pods must succeed.
 managedBy Which controller looks after the job.
 manualSelector Whether the selector is the author's business.
 maxFailedIndexes How many indexes may fail.
 parallelism How many pods run at once.
 podFailurePolicy Which failures do not count, or end the job at once.
 podReplacementPolicy When a pod is replaced: TerminatingOrFailed or Failed.
 selector Which pods are counted; made by the server.
 successPolicy When the job has succeeded before all indexes have.
 suspend Whether no pods run for now.
 template What the pods are like; restartPolicy is Never or OnFailure.
 ttlSecondsAfterFinished How long the job is kept after its end.
JobStatus How far the job has come.
 active Pods that run.
 completedIndexes Indexes that have succeeded, as 1,3-5.
 completionTime When the job had succeeded.
 conditions Complete, Failed or Suspended.
 failed Pods that failed.
 ready Pods that are ready.
 startTime When the controller began.
 succeeded Pods that succeeded.
 terminating Pods that are ending.
 uncountedTerminatedPods Pods that ended and are not counted yet.
CronJobSpec When jobs are made, and which.
 concurrencyPolicy What if the last one still runs: Allow, Forbid or Replace.
 failedJobsHistoryLimit How many failed jobs are kept.
 jobTemplate What the jobs are like.
 schedule Minute, hour, day, month, weekday, as in crontab.
 startingDeadlineSeconds How late a job may still start.
 successfulJobsHistoryLimit How many finished jobs are kept.
 suspend Whether no jobs are made for now.
 timeZone Time zone of the schedule.
CronJobStatus What was made.
 active Jobs that run.
 lastScheduleTime When the last job was due.
 lastSuccessfulTime When the last job that succeeded was over.
JobTemplateSpec A job as a CronJob makes it.
`;
