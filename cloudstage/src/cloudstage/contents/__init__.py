"""What is in a cloudstage: kept on the disk as it changes, restored when the cloudstage starts.

Three things are kept in the cloudstage's directory:

- ``objects/``: bodies of S3 objects above 4 kB, each a file, written when it arrives;
- ``journal/``: what is in S3: its buckets, objects with all versions and tags, uploads that were begun and
  their parts. A record is written before the request that changed something is answered;
- ``contents.snapshot``: all the rest, written anew half a second after the last change, and while changes go
  on, every two seconds. Saving takes no more than a tenth of the processor's time, so that much content is
  saved less often: every ten seconds, plus the time that a save takes.

What can be lost, and for how long:

- ``cloudstage down``, or the end of a tethered cloudstage: nothing.
- The server is killed (``kill -9``, out of memory), the machine goes on: nothing that S3 acknowledged. Of the
  other services, the changes since the last snapshot: usually those of the last half second to two seconds, with
  hundreds of megabytes of content those of the last ten or twenty. A snapshot shows one moment between two
  requests; S3 may be ahead of it, so that an object is there and the message about it is not.
- The machine loses power: S3, too, loses what came since the last snapshot, because a request does not wait for
  the disk; so long as only S3 changes, its bodies and journal still reach the disk with each save. An
  object whose body is lost is left out when the cloudstage starts, and its log names it.

A request that only reads is never held up by saving. One that changes something waits at most 20 ms for others
to end, and then for the pickling: two milliseconds for a cloudstage with any number of S3 objects, which are
not in the snapshot, and about one second for a million small things in other services.
"""
