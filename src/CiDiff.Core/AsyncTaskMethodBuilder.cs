// Compiled into every assembly of the tool: the compiler takes these types instead of the framework's of the same names for every `async Task`. The framework's keep a method that
// waits in a class of theirs whose code cannot be compiled ahead of time, so that five methods were compiled at each start for every asynchronous method that ever waits:
// docs/adr/0010-start-of-a-comparison.md. Everything else is left to the framework. An `async ValueTask` names its builder itself and keeps the framework's.

#pragma warning disable CS0436 // that these are taken, and not the framework's, is the point

using System.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Microsoft.CodeAnalysis
{
    /// <summary>Hides a type from the assemblies that may see the internals of this one. The compiler knows it by its name.</summary>
    [AttributeUsage(AttributeTargets.All)]
    internal sealed class EmbeddedAttribute : Attribute;
}

namespace System.Runtime.CompilerServices
{
    /// <summary>Makes the task of an asynchronous method that returns nothing.</summary>
    [Embedded]
    [DebuggerNonUserCode]
    internal struct AsyncTaskMethodBuilder
    {
        private AsyncTaskMethodBuilder<bool> _builder;

        public Task Task => _builder.Task;

        public static AsyncTaskMethodBuilder Create() => default;

        public void Start<TStateMachine>(ref TStateMachine stateMachine)
            where TStateMachine : IAsyncStateMachine => _builder.Start(ref stateMachine);

        public void SetStateMachine(IAsyncStateMachine stateMachine) => _builder.SetStateMachine(stateMachine);

        public void SetResult() => _builder.SetResult(true);

        public void SetException(Exception exception) => _builder.SetException(exception);

        public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
            where TAwaiter : INotifyCompletion
            where TStateMachine : IAsyncStateMachine => _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

        public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
            where TAwaiter : ICriticalNotifyCompletion
            where TStateMachine : IAsyncStateMachine => _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
    }

    /// <summary>Makes the task of an asynchronous method.</summary>
    /// <typeparam name="TResult">What the method returns.</typeparam>
    [Embedded]
    [DebuggerNonUserCode]
    internal struct AsyncTaskMethodBuilder<TResult>
    {
        // Makes the same tasks: exceptions, cancellation and results are the framework's.
        private AsyncValueTaskMethodBuilder<TResult> _task;
        private SuspendedMethod? _suspended;

        public Task<TResult> Task => _task.Task.AsTask();

        public static AsyncTaskMethodBuilder<TResult> Create() => default;

        public void Start<TStateMachine>(ref TStateMachine stateMachine)
            where TStateMachine : IAsyncStateMachine => _task.Start(ref stateMachine);

        public void SetStateMachine(IAsyncStateMachine stateMachine) => _task.SetStateMachine(stateMachine);

        public void SetResult(TResult result) => _task.SetResult(result);

        public void SetException(Exception exception) => _task.SetException(exception);

        public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
            where TAwaiter : INotifyCompletion
            where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(Suspend(ref stateMachine));

        public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
            where TAwaiter : ICriticalNotifyCompletion
            where TStateMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(Suspend(ref stateMachine));

        private Action Suspend<TStateMachine>(ref TStateMachine stateMachine)
            where TStateMachine : IAsyncStateMachine
        {
            if (_suspended is null)
            {
                // This builder is part of the state machine: what the copy needs must be there before it is made.
                _ = _task.Task;
                var suspended = new SuspendedMethod<TStateMachine>();
                _suspended = suspended;
                suspended.StateMachine = stateMachine;
            }

            return _suspended.Suspend();
        }
    }

    /// <summary>An asynchronous method that waits.</summary>
    [Embedded]
    [DebuggerNonUserCode]
    internal abstract class SuspendedMethod
    {
        private readonly Action _resume;
        private ExecutionContext? _context;

        protected SuspendedMethod()
        {
            _resume = Resume;
        }

        /// <summary>Notes what the method has to go on with.</summary>
        /// <returns>Lets it go on.</returns>
        public Action Suspend()
        {
            _context = ExecutionContext.Capture();
            return _resume;
        }

        protected abstract void MoveNext();

        private void Resume()
        {
            if (_context is { } context)
            {
                ExecutionContext.Run(context, static method => ((SuspendedMethod)method!).MoveNext(), this);
            }
            else
            {
                // The flow is suppressed.
                MoveNext();
            }
        }
    }

    /// <inheritdoc/>
    /// <typeparam name="TStateMachine">Made by the compiler.</typeparam>
    [Embedded]
    [DebuggerNonUserCode]
    internal sealed class SuspendedMethod<TStateMachine> : SuspendedMethod
        where TStateMachine : IAsyncStateMachine
    {
        // A field, not a property: the method goes on in place.
        public TStateMachine StateMachine = default!;

        protected override void MoveNext() => StateMachine.MoveNext();
    }
}
