using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Risk.Lambda.Runtime;

/// <summary>
/// The response while the application writes it. All of it is kept until the end, so it has not started before, however much was written:
/// a fault in the middle is still answered by a whole problem.
/// </summary>
internal sealed class GatewayResponse : IHttpResponseFeature, IHttpResponseBodyFeature
{
    private readonly Stack<(Func<object, Task> Callback, object State)> starting = [];
    private readonly Stack<(Func<object, Task> Callback, object State)> completed = [];

    /// <param name="buffer">Empty; takes the body.</param>
    public GatewayResponse(ArrayBufferWriter<byte> buffer)
    {
        Body = new ResponseBody(buffer);
        Writer = new ResponsePipe(buffer);
    }

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public Stream Body { get; set; }

    public bool HasStarted { get; private set; }

    public Stream Stream => Body;

    public PipeWriter Writer { get; }

    public void OnStarting(Func<object, Task> callback, object state) => starting.Push((callback, state));

    public void OnCompleted(Func<object, Task> callback, object state) => completed.Push((callback, state));

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task CompleteAsync() => Task.CompletedTask;

    public void DisableBuffering()
    {
        // There is nobody to stream to.
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Body, path, offset, count, cancellationToken);

    /// <summary>Lets the application add its last headers.</summary>
    public async Task FinishAsync()
    {
        while (starting.TryPop(out var last)) await last.Callback(last.State);
        HasStarted = true;
    }

    /// <summary>For what the application does after the response: before the reply, for the process is frozen from there on.</summary>
    public async Task AfterwardsAsync()
    {
        while (completed.TryPop(out var last)) await last.Callback(last.State);
    }

    /// <summary>Can be emptied, by which a half written response gives way to a problem.</summary>
    private sealed class ResponseBody(ArrayBufferWriter<byte> buffer) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => buffer.WrittenCount;

        public override long Position
        {
            get => buffer.WrittenCount;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> bytes) => buffer.Write(bytes);

        public override void Write(byte[] bytes, int offset, int count) => buffer.Write(bytes.AsSpan(offset, count));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
        {
            buffer.Write(bytes.Span);
            return ValueTask.CompletedTask;
        }

        public override Task WriteAsync(byte[] bytes, int offset, int count, CancellationToken cancellationToken)
        {
            buffer.Write(bytes.AsSpan(offset, count));
            return Task.CompletedTask;
        }

        public override void SetLength(long value)
        {
            if (value != 0) throw new NotSupportedException();
            buffer.ResetWrittenCount();
        }

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] bytes, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    }

    private sealed class ResponsePipe(ArrayBufferWriter<byte> buffer) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => true;

        public override long UnflushedBytes => 0;

        public override void Advance(int bytes) => buffer.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => buffer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => buffer.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => new(new FlushResult(isCanceled: false, isCompleted: false));

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
