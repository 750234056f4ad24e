/** The types of resources for which nothing is paid, each with the reason. */
export const freeTypes: Readonly<Record<string, string>> = {
  "aws:acm/certificate:Certificate":
    "public certificates cost nothing: https://aws.amazon.com/certificate-manager/pricing/",
  "aws:acm/certificateValidation:CertificateValidation": "waits for the certificate, and is nothing in AWS",
  "aws:appautoscaling/policy:Policy":
    "scaling costs nothing, what it starts does; nor do the alarms of a target: https://aws.amazon.com/autoscaling/pricing/",
  "aws:appautoscaling/target:Target":
    "scaling costs nothing, what it starts does: https://aws.amazon.com/autoscaling/pricing/",
  "aws:backup/plan:Plan":
    "a plan costs nothing, what lies in the vault does: https://aws.amazon.com/backup/pricing/",
  "aws:backup/selection:Selection": "a setting of its plan",
  "aws:cloudwatch/eventRule:EventRule":
    "events of AWS itself cost nothing: https://aws.amazon.com/eventbridge/pricing/",
  "aws:cloudwatch/eventTarget:EventTarget": "a setting of its rule",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "a permission",
  "aws:ec2/internetGateway:InternetGateway":
    "a VPC costs nothing, traffic out of it does: https://aws.amazon.com/vpc/pricing/",
  "aws:ec2/route:Route": "part of the VPC",
  "aws:ec2/routeTable:RouteTable": "part of the VPC",
  "aws:ec2/routeTableAssociation:RouteTableAssociation": "part of the VPC",
  "aws:ec2/securityGroup:SecurityGroup": "part of the VPC",
  "aws:ec2/subnet:Subnet": "part of the VPC",
  "aws:ec2/vpc:Vpc": "a VPC costs nothing, what is in it does: https://aws.amazon.com/vpc/pricing/",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": "a rule of its repository",
  "aws:ecr/pullThroughCacheRule:PullThroughCacheRule":
    "a rule of the registry; the repository that it fills is paid",
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": "a setting of the cluster",
  "aws:ecs/taskDefinition:TaskDefinition":
    "a plan; the service that runs it is paid, and a migration of some minutes costs less than a cent",
  "aws:elasticache/subnetGroup:SubnetGroup": "a setting of the cache",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "IAM costs nothing: https://aws.amazon.com/iam/",
  "aws:iam/policy:Policy": "IAM costs nothing: https://aws.amazon.com/iam/",
  "aws:iam/role:Role": "IAM costs nothing: https://aws.amazon.com/iam/",
  "aws:iam/rolePolicy:RolePolicy": "IAM costs nothing: https://aws.amazon.com/iam/",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "IAM costs nothing: https://aws.amazon.com/iam/",
  "aws:kms/alias:Alias": "a name of its key",
  "aws:lb/listener:Listener": "part of the load balancer",
  "aws:lb/listenerRule:ListenerRule": "part of the load balancer, whose capacity units count them",
  "aws:lb/targetGroup:TargetGroup": "part of the load balancer",
  "aws:rds/parameterGroup:ParameterGroup": "a setting of the database",
  "aws:rds/subnetGroup:SubnetGroup": "a setting of the database",
  "aws:route53/record:Record":
    "a record costs nothing, and questions for one that points to a load balancer cost nothing: https://aws.amazon.com/route53/pricing/",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "a setting of its bucket",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "a setting of its bucket",
  "aws:s3/bucketPolicy:BucketPolicy": "a permission",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "a setting of its bucket",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    "a setting of its bucket",
  "aws:s3/bucketVersioning:BucketVersioning":
    "a setting of its bucket, which is paid for the versions that it keeps",
  "aws:scheduler/schedule:Schedule":
    "the first 14 million calls of a month cost nothing: https://aws.amazon.com/eventbridge/pricing/",
  "aws:scheduler/scheduleGroup:ScheduleGroup": "a folder of schedules",
  "aws:secretsmanager/secretVersion:SecretVersion": "part of its secret",
  "aws:sns/topic:Topic":
    "a topic costs nothing, nor do the first 1,000 mails of a month: https://aws.amazon.com/sns/pricing/",
  "aws:sns/topicPolicy:TopicPolicy": "a permission",
  "aws:wafv2/webAclAssociation:WebAclAssociation": "part of its web ACL",
  "aws:sns/topicSubscription:TopicSubscription":
    "the first 1,000 mails of a month cost nothing: https://aws.amazon.com/sns/pricing/",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "part of the VPC",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "part of the VPC",
  "docker:index/container:Container": "runs on a Docker engine of your own",
  "docker:index/image:Image": "is built or copied by a Docker engine of your own; the repository is paid",
  "docker:index/network:Network": "lies on a Docker engine of your own",
  "docker:index/remoteImage:RemoteImage": "lies on a Docker engine of your own",
  "docker:index/volume:Volume": "lies on a Docker engine of your own",
  "pulumi:index:Stash": "lies in Pulumi's state",
  "pulumi:providers:aws": "a setting of Pulumi",
  "pulumi:providers:docker": "a setting of Pulumi",
  "random:index/randomId:RandomId": "lies in Pulumi's state",
  "random:index/randomPassword:RandomPassword": "lies in Pulumi's state",
};
