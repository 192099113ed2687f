package dev.thistle.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/// How much processor time does an operation take? Adds `cpu.time.norm` to each benchmark, in
/// nanoseconds an operation, of all threads of the process: the compiler's and the collector's too.
///
/// For machines that others use at the same time: there, operations a second measure the others as
/// well. Run `scripts/bench NAME -prof dev.thistle.bench.CpuTimeProfiler`.
public class CpuTimeProfiler implements InternalProfiler {

    private long nanosBefore;

    @Override
    public String getDescription() {
        return "Processor time of the whole process, by operation";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        nanosBefore = processNanos();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double nanos = processNanos() - nanosBefore;
        return List.of(
                new ScalarResult(
                        "cpu.time.norm",
                        nanos / result.getMetadata().getAllOps(),
                        "ns/op",
                        AggregationPolicy.AVG));
    }

    private static long processNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
